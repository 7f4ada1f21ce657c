from collections.abc import Sequence
from typing import Any

from wtforms import HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import Optional

from parents_partners.advocates.types import ActivityCommand, ActivityMode, SupportKind
from parents_partners.core.forms import ChoiceField, ChoicesField, LocalTimeField, PostForm, Written
from parents_partners.core.text import clean

LONGEST_NOTE = 5000
MINUTES = ("5", "10", "15", "30", "45", "60", "90")
OTHER_LENGTH = "other"


class ActivityForm(PostForm):
    """One entry of what was done (ADV-02), with as few presses as it can be said in."""

    submission_key = HiddenField()
    made = ChoiceField(
        "Did you reach them?",
        choices=[("yes", "Contact made"), ("no", "Attempted")],
        description="Choose whether the contact was made or only attempted.",
    )
    mode = ChoiceField(
        "How",
        choices=[(mode.value, mode.label) for mode in ActivityMode],
        description="Choose how it happened.",
    )
    kinds = ChoicesField(
        "Kinds of support",
        choices=[(kind.value, kind.label) for kind in SupportKind],
        description="Choose at least one kind of support.",
    )
    participants = ChoicesField(
        "Who took part", description="Choose who took part, or whom you tried to reach."
    )
    happened_at = LocalTimeField("When")
    length = ChoiceField(
        "Minutes",
        choices=[*((minutes, minutes) for minutes in MINUTES), (OTHER_LENGTH, "Other")],
        description="Choose how many minutes it took.",
    )
    minutes = StringField("How many minutes?")
    note = TextAreaField(
        "Note",
        [
            Optional(),
            Written(LONGEST_NOTE, what="The note", multiline=True),
        ],
    )

    def __init__(self, people: Sequence[tuple[str, str]], **values: Any) -> None:
        super().__init__(**values)
        self.participants.choices = list(people)
        self.note.flags.maxlength = LONGEST_NOTE

    def validate_minutes(self, field: StringField) -> None:
        if self.length.data == OTHER_LENGTH and self._minutes() is None:
            raise ValidationError("Give the minutes as a number from 1 to 1440.")

    def _minutes(self) -> int | None:
        if self.length.data != OTHER_LENGTH:
            return int(self.length.data)
        typed = (self.minutes.data or "").strip()
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 4 else None

    def command(self) -> ActivityCommand:
        return ActivityCommand(
            kinds=frozenset(SupportKind(code) for code in self.kinds.data or ()),
            happened_at=self.happened_at.when.at,
            minutes=self._minutes() or 0,
            mode=ActivityMode(self.mode.data),
            made=self.made.data == "yes",
            participants=frozenset(self.participants.data or ()),
            note=clean(self.note.data or ""),
            submission_key=self.submission_key.data or "",
        )
