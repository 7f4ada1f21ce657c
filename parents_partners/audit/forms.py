from collections.abc import Sequence
from typing import Any

from wtforms import Form, SelectField

from parents_partners.audit.sentences import event_words
from parents_partners.audit.types import Event
from parents_partners.core.forms import ChoiceField, PostForm
from parents_partners.core.spreadsheets import FileFormat


class EventsForm(Form):
    """Which kind of event the log shows; asked by GET, so it needs no token."""

    kind = SelectField(
        "Kind of event",
        choices=[("", "All events"), *((event.value, event_words(event)) for event in Event)],
        default="",
    )

    @property
    def chosen(self) -> Event | None:
        """The kind asked for; None for all, and for what is no kind of ours."""
        return Event(self.kind.data) if self.kind.data in set(Event) else None


class ExportForm(PostForm):
    """In which form a list is saved, and why. Without `reasons` nobody is asked why."""

    format = ChoiceField(
        "Save as",
        choices=[(one.value, one.label) for one in FileFormat],
        default=FileFormat.XLSX.value,
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
