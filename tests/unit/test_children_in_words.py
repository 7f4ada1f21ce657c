"""How an offer tells of the children, whose names it does not open."""

import pytest

from parents_partners.advocates.queries.stints import ages_in_words


@pytest.mark.parametrize(
    ("ages", "words"),
    [
        ([0], "1 child: under 1 year"),
        ([1], "1 child: 1 year"),
        ([7, 0, 3], "3 children: under 1, 3 and 7 years"),
        ([1, 0], "2 children: under 1 and 1 year"),
        ([None], "1 child: age not known"),
        ([4, None], "2 children: 4 years, 1 of unknown age"),
    ],
)
def test_ages_are_said_as_people_say_them(ages, words):
    assert ages_in_words(ages) == words
