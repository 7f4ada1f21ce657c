from typing import Any

from wtforms import HiddenField, StringField

from parents_partners.accounts.reference.types import EntryCommand, ListWords
from parents_partners.core.forms import LocalDateField, PostForm


class EntryForm(PostForm):
    """An entry of a list; the service says what can be kept. `seen_…`: what stood on the page."""

    label = StringField("What people read")
    public_label = StringField("What agencies read")
    code = StringField("Language code")
    seen_label = HiddenField()
    seen_public_label = HiddenField()

    def __init__(self, words: ListWords, *, new: bool, **values: Any) -> None:
        super().__init__(**values)
        if not words.for_agencies:
            del self.public_label
        if not (words.typed_code and new):
            del self.code

    def command(self) -> EntryCommand:
        return EntryCommand(
            label=self.label.data or "",
            public_label=(self.public_label.data or None) if "public_label" in self else None,
            code=(self.code.data or "").strip() or None if "code" in self else None,
        )

    def seen(self) -> tuple[str, str | None]:
        return self.seen_label.data or "", self.seen_public_label.data or None


class EndEntryForm(PostForm):
    ended_on = LocalDateField("Nobody can choose it from this day on")


class SettingForm(PostForm):
    value = StringField("Value")
    seen = HiddenField()
