from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import (
    BooleanField,
    Field,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Optional

from parents_partners.advocates.suggestions import Suggestion
from parents_partners.advocates.types import (
    LONGEST_CHOICE_REASON,
    LONGEST_WORDS,
    GiveCommand,
)
from parents_partners.core.forms import PostForm, Written
from parents_partners.core.local_time import Unreadable, read_date
from parents_partners.core.text import clean
from parents_partners.core.words import joined_words

Choices = Sequence[tuple[str, str]]


class AskHandOverForm(PostForm):
    """To whom a family is to be handed over, among those who may be asked."""

    specialist = RadioField("Who takes the family over?", validate_choice=False)
    choice_reason = TextAreaField(
        "Why another than the first suggested?",
        [Optional(), Written(LONGEST_CHOICE_REASON, what="The reason", multiline=True)],
    )

    suggestions: Sequence[Suggestion] = ()

    def __init__(self, suggestions: Sequence[Suggestion], **values: Any) -> None:
        super().__init__(**values)
        self.suggestions = suggestions
        self.specialist.choices = [
            (one.public_id, one.name) for one in suggestions if one.public_id is not None
        ]
        self.choice_reason.flags.maxlength = LONGEST_CHOICE_REASON

    def validate_specialist(self, field: RadioField) -> None:
        if not field.data:
            raise ValidationError("Choose who takes the family over.")
        if field.data not in {choice[0] for choice in field.choices or ()}:
            raise ValidationError("This Family Specialist is not available. Choose somebody else.")

    def reason(self) -> str | None:
        return clean(self.choice_reason.data or "") or None

    def words(self) -> list[tuple[str, str]]:
        """What was chosen and typed, for a page that could not take it."""
        chosen = [one.name for one in self.suggestions if one.public_id == self.specialist.data]
        return [
            ("Who takes the family over", joined_words(chosen)),
            ("Your reason", self.choice_reason.data or ""),
        ]


class GiveForm(PostForm):
    """What passes on to the next specialist. No note is ticked at first: the parents choose."""

    asked = SelectMultipleField("Whom did you ask?", validate_choice=False)
    not_all = BooleanField("Not every parent could be asked")
    asked_on = StringField("On which day?")
    entries = SelectMultipleField("Which notes may pass on?", validate_choice=False)
    words = TextAreaField(
        "Your words to the next Family Specialist",
        [Written(LONGEST_WORDS, what="What you write", multiline=True)],
    )

    day: date | None = None

    def __init__(self, *, parents: Choices, entries: Choices, **values: Any) -> None:
        super().__init__(**values)
        self.asked.choices = list(parents)
        self.entries.choices = list(entries)
        self.words.flags.maxlength = LONGEST_WORDS

    def validate_asked(self, field: SelectMultipleField) -> None:
        everybody = {choice[0] for choice in field.choices or ()}
        if not self.not_all.data and set(field.data or ()) != everybody:
            raise ValidationError(
                "Ask every parent which notes may pass on and tick who was asked, or tick that not"
                " every one could be asked."
            )

    def validate_asked_on(self, field: Field) -> None:
        self.day = None
        if self.not_all.data:
            return
        if not (field.data or "").strip():
            raise ValidationError("Give the day on which the last of them was asked.")
        try:
            self.day = read_date(field.data)
        except Unreadable as error:
            raise ValidationError(str(error)) from None

    def validate_entries(self, field: Field) -> None:
        if self.not_all.data and field.data:
            raise ValidationError(
                "No note passes on without every parent's word. Untick the notes, or ask first."
            )

    def validate_words(self, field: Field) -> None:
        if not clean(field.data or ""):
            raise ValidationError("Write in a few words what is open.")

    def command(self) -> GiveCommand:
        return GiveCommand(
            words=clean(self.words.data or ""),
            asked_on=self.day,
            entries=frozenset(self.entries.data or ()),
        )
