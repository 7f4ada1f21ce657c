import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parents_partners.core.paging import page_of, read_key, write_key


def made_up(values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


@given(
    st.tuples(
        st.datetimes(timezones=st.just(UTC)),
        st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
        st.integers(0, 2**31 - 1),
    )
)
def test_a_key_is_read_as_it_was_written(values: tuple[datetime, str, int]) -> None:
    assert read_key(write_key(values)) == values


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "x",
        "é",
        made_up(7),
        made_up(["\x00"]),
        made_up(["\ud800"]),
        made_up([2**31]),
        made_up([True]),
        made_up([{"at": "yesterday"}]),
        made_up([{"on": "2026-11-21"}]),
        made_up([{"at": "2026-11-21T10:00:00"}]),
        made_up([{"at": "9999-12-31T23:59:59-14:00"}]),
        base64.urlsafe_b64encode(b"[" * 5000).decode(),
    ],
)
def test_what_nobody_could_have_been_given_is_no_key(text: str | None) -> None:
    assert read_key(text) is None


ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.just({"at": "0001-01-01T00:00:00+14:00"}),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["at", "on"]), inner),
    max_leaves=8,
)


@given(ANY_JSON.map(made_up) | st.text())
def test_any_text_in_an_address_is_a_key_or_none(text: str) -> None:
    values = read_key(text)
    assert values is None or {type(value) for value in values} <= {datetime, str, int}


def test_a_page_has_a_key_only_where_there_is_more() -> None:
    assert page_of([1, 2], lambda row: (row,), 2).next_key is None
    page = page_of([1, 2, 3], lambda row: (row,), 2)
    assert (list(page.rows), read_key(page.next_key)) == ([1, 2], (2,))
