"""Every code has its words, and nothing on screen is written where it cannot be found."""

from enum import StrEnum

import pytest

from parents_partners.audit.types import Event
from tests.architecture.code import enums

NEEDS_NO_LABEL: set[type[StrEnum]] = {Event}
"""Events have a sentence each, not a label; see tests/unit/test_sentences.py."""


@pytest.mark.parametrize("enum", enums(), ids=lambda enum: enum.__name__)
def test_every_member_of_a_vocabulary_has_its_words(enum: type[StrEnum]) -> None:
    if enum in NEEDS_NO_LABEL:
        assert not hasattr(enum, "label")
        return
    labels = [member.label for member in enum]  # type: ignore[attr-defined]
    assert all(isinstance(label, str) and label.strip() == label != "" for label in labels)
    assert len(set(labels)) == len(labels), "two codes that a reader cannot tell apart"


def test_the_vocabularies_are_found() -> None:
    """Were the search broken, the test above would pass on nothing."""
    assert {"Role", "Borough", "ReferralState", "AssignmentState"} <= {
        enum.__name__ for enum in enums()
    }
