"""Texts that somebody means badly, or that a machine makes by accident."""

from urllib.parse import quote_plus

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

KNOWN = [
    "",
    " ",
    "\0",
    "Lu\0z",
    "\ud800",
    "Lu\udfffz",
    "\u202eevil",
    "Luz\u2066\u2069",
    "Luz\r\nBcc: all@example.org",
    "\x1b[31mred",
    "\x85\u2028\u2029",
    "\ufeff\ufffe\uffff",
    "\u200b\u2060",
    "👩‍👩‍👧‍👦",
    "e\u0301" * 50,
    "ﷺ" * 100,
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}{% raise %}",
    "=HYPERLINK(1)",
    "'; DROP TABLE referral; --",
    "%00%s%n",
    "../../etc/passwd",
    "1e999",
    "-1",
    "9" * 400,
    "0000-00-00",
    "2026-02-30",
    "9999-12-31T23:59:59+14:00",
    "2026-11-01T01:30",
    "true",
    "null",
    "agreed",
]

texts = st.one_of(
    st.sampled_from(KNOWN),
    st.text(max_size=60),
    st.text(st.characters(categories=["Cs", "Cc", "Cf", "Co", "Cn"]), max_size=20),
    st.builds(lambda part, times: part * times, st.text(min_size=1, max_size=3), st.just(3000)),
)

quickly = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,  # a red run today is red tomorrow
    database=None,
    # One rolled-back database serves all examples of a test: each of them stores nothing.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def body(fields: list[tuple[str, str]]) -> bytes:
    """The fields as a form sends them, half characters and all."""
    return "&".join(
        f"{quote_plus(name, errors='surrogatepass')}={quote_plus(value, errors='surrogatepass')}"
        for name, value in fields
    ).encode("ascii")
