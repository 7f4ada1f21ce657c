"""Each parent answers for themself, and is asked before the case is referred (REF-03)."""

from dataclasses import dataclass
from datetime import date

from parents_partners.cases.types import ConsentScope, HowAsked, Relationship
from parents_partners.core.words import date_words
from parents_partners.referrals.submission.part import Part
from parents_partners.referrals.submission.types import (
    AgreeingParent,
    Circumstances,
    ParentAnswer,
    SafeContact,
)
from parents_partners.referrals.types import AgreementAnswer

MOST_PARENTS = 10

_NOBODY_AGREED = (
    "No parent has agreed. A referral needs at least one parent who was asked and agreed to a"
    " Family Specialist; a parent who declined is not contacted."
)
_ASK_FIRST = (
    "No parent has agreed yet. Ask first whether they want a Family Specialist, and send the"
    " referral once at least one parent has agreed."
)


@dataclass(frozen=True)
class _Agreement:
    answer: AgreementAnswer | None = None
    asked_by: str | None = None
    asked_on: date | None = None
    how: HowAsked | None = None
    scope: frozenset[ConsentScope] = frozenset()


def read_parents(document: Part, circumstances: Circumstances) -> tuple[ParentAnswer, ...]:
    items = document.items(
        "parents",
        "parents",
        most=MOST_PARENTS,
        missing="Enter at least one parent who was asked and agreed to a Family Specialist.",
    )
    parents: list[ParentAnswer] = []
    answers: list[AgreementAnswer | None] = []
    for path, value in items or []:
        part = document.part_of_list(path, value, "a parent")
        answer, parent = _parent(part, circumstances) if part else (None, None)
        answers.append(answer)
        if parent is not None:
            parents.append(parent)
    # An answer that could not be read may have been a yes: its own problem says enough.
    all_read = None not in answers and len(answers) == document.length("parents")
    if answers and all_read and AgreementAnswer.AGREED not in answers:
        asked = AgreementAnswer.NOT_ASKED not in answers
        document.refuse("parents", _NOBODY_AGREED if asked else _ASK_FIRST)
    return tuple(parents)


def _parent(
    part: Part, circumstances: Circumstances
) -> tuple[AgreementAnswer | None, ParentAnswer | None]:
    # The name of a parent who did not agree is not kept, so it is not asked for either.
    agreed = _has_agreed(part)
    first_name = part.text("first_name", "the parent's first name", required=agreed)
    last_name = part.text("last_name", "the parent's last name", required=agreed)
    relationship = part.choice(
        "relationship", "the parent's relationship to the children", Relationship
    )
    phone = part.phone("phone", "the parent's phone number")
    email = part.email("email", "the parent's e-mail address")
    language = part.language("preferred_language", "the parent's language")
    interpreter = part.yes_or_no("interpreter_needed", "whether an interpreter is needed")
    safe_contact = _safe_contact(part)
    agreement = _agreement(part, circumstances)
    part.refuse_the_rest()
    if agreement.answer is None:
        return None, None
    if agreement.answer is not AgreementAnswer.AGREED:
        return agreement.answer, ParentAnswer(relationship, agreement.answer)
    if (
        first_name is None
        or last_name is None
        or agreement.asked_by is None
        or agreement.asked_on is None
        or agreement.how is None
    ):
        return agreement.answer, None
    return agreement.answer, AgreeingParent(
        relationship=relationship,
        answer=agreement.answer,
        first_name=first_name,
        last_name=last_name,
        phone=phone,
        email=email,
        preferred_language=language,
        interpreter_needed=interpreter,
        safe_contact=safe_contact,
        asked_by=agreement.asked_by,
        asked_on=agreement.asked_on,
        how=agreement.how,
        scope=agreement.scope,
    )


def _has_agreed(part: Part) -> bool:
    agreement = part.given("agreement")
    return isinstance(agreement, dict) and agreement.get("answer") == AgreementAnswer.AGREED.value


def _safe_contact(parent: Part) -> SafeContact:
    part = parent.part("safe_contact", "safe contact")
    if part is None:
        return SafeContact()
    safe_contact = SafeContact(
        voicemail=part.yes_or_no("voicemail", "whether voicemail is safe"),
        text=part.yes_or_no("text", "whether text messages are safe"),
        email=part.yes_or_no("email", "whether e-mail is safe"),
        mail=part.yes_or_no("mail", "whether letters are safe"),
        note=part.text("note", "the note on safe contact", max_length=500, multiline=True),
    )
    part.refuse_the_rest()
    return safe_contact


def _agreement(parent: Part, circumstances: Circumstances) -> _Agreement:
    part = parent.part(
        "agreement",
        "the parent's agreement",
        missing="Say what this parent answered: agreed, declined or not asked.",
    )
    if part is None:
        return _Agreement()
    answer = part.choice("answer", "what this parent answered", AgreementAnswer, required=True)
    agreed = answer is AgreementAnswer.AGREED
    asked_by = part.text("asked_by", "who asked the parent", required=agreed)
    asked_on = part.day("asked_on", "the day on which the parent was asked", required=agreed)
    if asked_on is not None and asked_on > circumstances.received_on:
        part.refuse(
            "asked_on",
            f"A parent is asked before the referral is made, but {date_words(asked_on)} is later"
            f" than {date_words(circumstances.received_on)}, the day on which the referral was"
            " received. Check the date.",
        )
    how = part.choice("how", "how the parent was asked", HowAsked, required=agreed)
    scope = part.choices("scope", "what the parent agreed to", "scopes", ConsentScope, missing="")
    if agreed and part.given("scope") == []:
        # Silence is support; an empty answer is none, and a consent is never made up.
        part.refuse("scope", "Say what this parent agreed to: choose at least one.")
    part.refuse_the_rest()
    return _Agreement(answer, asked_by, asked_on, how, frozenset(scope or (ConsentScope.SUPPORT,)))
