import pytest

from parents_partners.audit.sentences import SENTENCES, event_words, sentence
from parents_partners.audit.types import Event


@pytest.mark.parametrize("event", list(Event))
def test_every_event_has_a_sentence_that_needs_no_details(event: Event) -> None:
    words = sentence(event, actor_name="Ana Ruiz")
    assert words
    assert "{" not in words


@pytest.mark.parametrize("event", list(Event))
def test_every_event_can_be_chosen_by_its_words(event: Event) -> None:
    assert event_words(event)[0].isupper()


def test_no_two_events_are_told_in_the_same_words() -> None:
    told = [patterns[-1] for patterns in SENTENCES.values()]
    assert len(set(told)) == len(told)


def test_a_sentence_says_how_support_ended_where_it_is_known() -> None:
    words = sentence(
        Event.SUPPORT_ENDED, actor_name="Ana Ruiz", detail={"outcome": "The family moved away"}
    )
    assert words == "Ana Ruiz ended the support: The family moved away"


def test_details_that_a_sentence_does_not_ask_for_stay_out() -> None:
    words = sentence(Event.OFFER_ACCEPTED, actor_name="Ana Ruiz", detail={"reason": "secret"})
    assert words == "Ana Ruiz accepted the offer"


def test_signs_in_a_name_are_no_pattern() -> None:
    assert sentence(Event.SIGNED_IN, actor_name="{0.__class__}") == "{0.__class__} signed in"
