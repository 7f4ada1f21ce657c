"""Fields and wording of the triage decision."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, TypeVar

from wtforms import (
    BooleanField,
    Field,
    Form,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length, Optional

from parents_partners.advocates.suggestions import Suggestion
from parents_partners.advocates.types import (
    LONGEST_CHOICE_REASON,
    FamilyOfferCommand,
    OfferCommand,
    QueueFilter,
    QueueState,
    WaitsFor,
)
from parents_partners.cases.types import Borough
from parents_partners.core.forms import ChoiceField, PostForm, Written, number_in
from parents_partners.core.text import clean
from parents_partners.core.words import joined_words
from parents_partners.referrals.types import LONGEST_QUESTION

NEW_FAMILY = "new"
REFERENCE = re.compile("PP-[0-9]{4}-[0-9]{6,9}")

Choices = Sequence[tuple[str, str]]
Code = TypeVar("Code", bound=StrEnum)


class QueueFilterForm(Form):
    """Asked by GET. What is not in the list asks for nothing."""

    borough = SelectField("Borough", validate_choice=False)
    language = SelectField("Language", validate_choice=False)
    organisation = SelectField("Organisation", validate_choice=False)
    state = SelectField("State", validate_choice=False)
    waits_for = SelectField("Waits for", validate_choice=False)

    def __init__(self, values: Any, *, languages: Choices, organisations: Choices) -> None:
        super().__init__(values)
        self.borough.choices = _any(_labelled(Borough))
        self.language.choices = _any(languages)
        self.organisation.choices = _any(organisations)
        self.state.choices = _any(_labelled(QueueState))
        self.waits_for.choices = _any(_labelled(WaitsFor))

    def wanted(self) -> QueueFilter:
        return QueueFilter(
            borough=_chosen(Borough, self.borough.data),
            language=_known(self.language),
            organisation=_known(self.organisation),
            state=_chosen(QueueState, self.state.data),
            waits_for=_chosen(WaitsFor, self.waits_for.data),
        )


class OfferForm(PostForm):
    """To whom a family's parents are offered. The suggestions depend on the concerns ticked, so
    they are given after the form was read: `know(suggestions)`."""

    version = HiddenField()
    concerns = SelectMultipleField("Concerns of this family", validate_choice=False)
    none_known = BooleanField("None known")
    parents = SelectMultipleField("Parents in this offer", validate_choice=False)
    specialist = RadioField("Family Specialist", validate_choice=False)
    choice_reason = TextAreaField(
        "Why another than the first suggested?",
        [Optional(), Written(LONGEST_CHOICE_REASON, what="The reason", multiline=True)],
    )

    suggestions: Sequence[Suggestion] = ()
    first_suggested: str | None = None
    without_offer: bool = False
    """The family is filed and its parents wait: nobody needs to be chosen."""

    def __init__(self, *, concerns: Choices, parents: Choices, **values: Any) -> None:
        super().__init__(**values)
        self.concerns.choices = list(concerns)
        self.parents.choices = list(parents)
        self.specialist.choices = []
        self.choice_reason.flags.maxlength = LONGEST_CHOICE_REASON

    def tick_all_parents(self) -> None:
        """What a new page proposes: one specialist for all of them."""
        self.parents.data = sorted(_codes(self.parents))

    def know(self, suggestions: Sequence[Suggestion]) -> None:
        self.suggestions = suggestions
        available = [
            (suggestion.public_id, suggestion.name)
            for suggestion in suggestions
            if suggestion.public_id is not None
        ]
        self.specialist.choices = available
        self.first_suggested = available[0][0] if available else None

    def ticked(self) -> tuple[str, ...]:
        known = _codes(self.concerns)
        return tuple(code for code in self.concerns.data or () if code in known)

    def chosen_parents(self) -> tuple[str, ...]:
        known = _codes(self.parents)
        return tuple(code for code in self.parents.data or () if code in known)

    def validate_concerns(self, field: Field) -> None:
        if not self.ticked() and not self.none_known.data:
            raise ValidationError("Tick this family's concerns, or say that none are known.")
        if self.ticked() and self.none_known.data:
            raise ValidationError("You ticked concerns and “none known”. Untick one of the two.")

    def validate_parents(self, field: Field) -> None:
        if not self.without_offer and not self.chosen_parents():
            raise ValidationError("Tick at least one parent for this offer.")

    def validate_specialist(self, field: Field) -> None:
        if self.without_offer:
            return
        if not field.data:
            raise ValidationError("Choose a Family Specialist, or file without an offer.")
        if field.data not in _codes(field):
            raise ValidationError("This Family Specialist is not available. Choose somebody else.")

    def reason(self) -> str | None:
        return clean(self.choice_reason.data or "") or None

    def words(self) -> list[tuple[str, str]]:
        """What was chosen and typed, for a page that could not take it."""
        concerns = ["None known"] if self.none_known.data else _labels(self.concerns)
        return [
            ("Concerns", joined_words(concerns)),
            ("Parents in this offer", joined_words(_labels(self.parents))),
            ("Family Specialist", joined_words(_labels(self.specialist))),
            ("Your reason", self.choice_reason.data or ""),
        ]


class DecisionForm(OfferForm):
    """File a referral and offer its parents, in one step."""

    case = ChoiceField("Which family is this?", description="Choose which family this is.")

    def __init__(self, *, families: Choices, **values: Any) -> None:
        super().__init__(**values)
        self.case.choices = [(NEW_FAMILY, "A family that we do not know yet"), *families]
        if self.case.data is None and not families:
            self.case.data = NEW_FAMILY

    def known_case(self) -> str | None:
        """The public id of the known family that was chosen."""
        data = self.case.data
        return data if data != NEW_FAMILY and data in _codes(self.case) else None

    def words(self) -> list[tuple[str, str]]:
        return [("Family", joined_words(_labels(self.case))), *super().words()]

    def command(self) -> OfferCommand:
        return OfferCommand(
            case_public_id=self.known_case(),
            concerns=self.ticked(),
            specialist_public_id=None if self.without_offer else self.specialist.data,
            parents=tuple(int(position) for position in self.chosen_parents()),
            choice_reason=self.reason(),
            version=number_in(self.version.data),
        )


class FamilyOfferForm(OfferForm):
    """Offer the waiting parents of a filed family; parents are known by their public ids."""

    def command(self) -> FamilyOfferCommand:
        return FamilyOfferCommand(
            concerns=self.ticked(),
            specialist_public_id=self.specialist.data,
            parents=self.chosen_parents(),
            choice_reason=self.reason(),
            version=number_in(self.version.data),
        )


class AskForm(PostForm):
    text = TextAreaField("Your question", [Length(max=LONGEST_QUESTION)])

    def words(self) -> list[tuple[str, str]]:
        return [("Your question", self.text.data or "")]


class DeclineForm(PostForm):
    reason = ChoiceField("Reason", description="Choose why the referral is declined.")

    def __init__(self, *, reasons: Choices, **values: Any) -> None:
        super().__init__(**values)
        self.reason.choices = list(reasons)

    def words(self) -> list[tuple[str, str]]:
        return [("Reason", joined_words(_labels(self.reason)))]


class DuplicateForm(PostForm):
    """`original` is one of the possible earlier referrals, or the reference of any other."""

    original = RadioField("The referral that we had before", validate_choice=False)
    reference = StringField("Another reference", [Optional()])

    def __init__(self, *, possible: Choices, **values: Any) -> None:
        super().__init__(**values)
        self.original.choices = list(possible)

    def chosen_reference(self) -> str:
        """A typed reference counts before a chosen one: it was typed on purpose. "" where
        neither can be one."""
        chosen = clean(self.reference.data or "").upper() or self.original.data or ""
        return chosen if REFERENCE.fullmatch(chosen) else ""

    def words(self) -> list[tuple[str, str]]:
        return [("Duplicate of", self.chosen_reference())]


def _labelled(codes: type[Code]) -> list[tuple[str, str]]:
    return [(code.value, code.label) for code in codes]  # type: ignore[attr-defined]


def _any(choices: Choices) -> list[tuple[str, str]]:
    return [("", "Any"), *choices]


def _codes(field: Any) -> set[str]:
    return {choice[0] for choice in field.choices or ()}


def _known(field: Any) -> str | None:
    return field.data if field.data in _codes(field) - {""} else None


def _labels(field: Any) -> list[str]:
    """The words of what was chosen."""
    data = field.data if isinstance(field.data, list) else [field.data]
    return [label for code, label in field.choices or () if code in data]


def _chosen(codes: type[Code], text: str | None) -> Code | None:
    return codes(text) if text in set(codes) else None
