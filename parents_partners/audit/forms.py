from wtforms import Form, SelectField

from parents_partners.audit.sentences import event_words
from parents_partners.audit.types import Event


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
