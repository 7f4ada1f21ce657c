"""What the forms of every slice share."""

import pytest

from parents_partners.core.forms import number_in


@pytest.mark.parametrize(
    ("carried", "number"),
    [("3", 3), ("0", 0), ("", 0), (None, 0), ("-1", 0), ("²", 0), ("٣", 0), ("9" * 10, 0)],
)
def test_a_version_that_was_tampered_with_is_the_one_that_no_record_has(
    carried: str | None, number: int
) -> None:
    assert number_in(carried) == number
