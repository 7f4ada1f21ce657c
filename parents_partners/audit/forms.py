import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import Form, SelectField, StringField, ValidationError

from parents_partners.audit.sentences import event_words
from parents_partners.audit.types import GROUPS, About, Event, LogQuestion
from parents_partners.core.forms import ChoiceField, PostForm, Written
from parents_partners.core.local_time import Unreadable, read_date
from parents_partners.core.spreadsheets import FileFormat
from parents_partners.core.text import clean

REFERENCE = re.compile(r"PP-[0-9]{4}-[0-9]{6,9}")
ROW = re.compile(r"([a-z][a-z_ ]{1,39}) ([0-9]{1,9})")
HOW_TO_NAME = (
    "Write a referral's reference, like PP-2026-000123, or what stands in the column About, like"
    " case 17."
)


def _shown(text: str | None) -> str:
    """An address can be given anything; what a page cannot give back is left out of it."""
    return "".join(sign for sign in text or "" if sign.isprintable())


class DayField(StringField):
    """A local day, or none."""

    day: date | None = None

    def pre_validate(self, _form: object) -> None:
        if (self.data or "").strip():
            try:
                self.day = read_date(self.data or "")
            except Unreadable as error:
                raise ValidationError(str(error)) from None


class AboutField(StringField):
    """A referral or a row by its number, or nothing."""

    about: About | None = None

    def pre_validate(self, _form: object) -> None:
        typed = " ".join((self.data or "").split())
        if not typed:
            return
        if REFERENCE.fullmatch(typed.upper()):
            self.about = About(reference=typed.upper())
        elif (row := ROW.fullmatch(typed.lower())) is not None:
            self.about = About(subject=row[1].replace(" ", "_"), subject_id=int(row[2]))
        else:
            raise ValidationError(HOW_TO_NAME)


class LogForm(Form):
    """What the auditor asks the log; asked by GET, so it needs no token. What is no kind of ours
    asks for all."""

    kind = SelectField(
        "What happened",
        choices={
            "Everything": [("", "All events")],
            "Together": [(code, words) for code, (words, _) in GROUPS.items()],
            "One kind": [(event.value, event_words(event)) for event in Event],
        },
        default="",
        validate_choice=False,
    )
    who = StringField("Who did it", [Written(200, what="The name")], filters=[_shown])
    about = AboutField("About", filters=[_shown])
    first_on = DayField("From", filters=[_shown])
    last_on = DayField("To", filters=[_shown])

    def validate_last_on(self, field: DayField) -> None:
        if field.day and self.first_on.day and field.day < self.first_on.day:
            raise ValidationError("The last day cannot be before the first.")

    def question(self) -> LogQuestion:
        """Once it was validated."""
        chosen = self.kind.data or ""
        kinds = GROUPS[chosen][1] if chosen in GROUPS else frozenset()
        if chosen in set(Event):
            kinds = frozenset({Event(chosen)})
        return LogQuestion(
            kinds=kinds,
            who=clean(self.who.data or ""),
            first_on=self.first_on.day,
            last_on=self.last_on.day,
            about=self.about.about,
        )

    def asked(self) -> dict[str, str]:
        """What was filled in, for the address of the next page."""
        return {field.name: field.data for field in self if field.data}


class ReadersForm(Form):
    about = AboutField("Which family", filters=[_shown])


class ExportForm(PostForm):
    """In which form a list is saved, and why. Without `reasons` nobody is asked why."""

    format = ChoiceField(
        "Save as",
        choices=[(one.value, one.label) for one in FileFormat],
        description="Choose what the list is saved as.",
    )
    reason = ChoiceField("What is it for?", description="Choose what the file is for.")

    def __init__(self, reasons: Sequence[tuple[str, str]], **values: Any) -> None:
        super().__init__(**values)
        if reasons:
            self.reason.choices = list(reasons)
        else:
            del self.reason

    @property
    def chosen(self) -> FileFormat:
        """What was chosen, once it was validated."""
        return FileFormat(self.format.data)

    @property
    def why(self) -> str | None:
        """The code of the reason; None where nobody was asked."""
        return str(self.reason.data) if "reason" in self else None
