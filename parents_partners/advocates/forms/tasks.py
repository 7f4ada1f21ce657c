from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from wtforms import Field, HiddenField, SelectField, StringField, ValidationError

from parents_partners.advocates.types import TaskCommand
from parents_partners.core.forms import (
    ChoiceField,
    LocalDateField,
    PostForm,
    Written,
    number_in,
)
from parents_partners.core.text import clean

LONGEST_TASK = 300
QUICK_DAYS = {"today": 0, "tomorrow": 1, "in_a_week": 7}
OTHER_DAY = "other"


class _TaskFields(PostForm):
    what = StringField("What is to be done?", [Written(LONGEST_TASK, what="The task")])
    owner = SelectField("Who does it?", validate_choice=False)

    def __init__(self, owners: Sequence[tuple[str, str]], **values: Any) -> None:
        super().__init__(**values)
        self.owner.choices = [("", "Choose"), *owners]

    def validate_what(self, field: Field) -> None:
        if not clean(field.data or ""):
            raise ValidationError("Write what is to be done.")

    def validate_owner(self, field: Field) -> None:
        if field.data not in {choice[0] for choice in self.owner.choices or () if choice[0]}:
            raise ValidationError("Choose who does it: somebody who works with this family.")

    def _command(self, due_on: date) -> TaskCommand:
        return TaskCommand(
            what=clean(self.what.data or ""), owner=self.owner.data or "", due_on=due_on
        )


class _OtherDay(LocalDateField):
    """Asked only where none of the quick days was meant."""

    def pre_validate(self, form: object) -> None:
        if form.due.data == OTHER_DAY:  # type: ignore[attr-defined]  # it is a field of that form
            super().pre_validate(form)


class AddTaskForm(_TaskFields):
    """A new task in one line: what, whose, by when. The usual days are one press each."""

    due = ChoiceField(
        "By when?",
        choices=[
            ("today", "Today"),
            ("tomorrow", "Tomorrow"),
            ("in_a_week", "In a week"),
            (OTHER_DAY, "Another day"),
        ],
        default="tomorrow",
        description="Choose by when it is to be done.",
    )
    due_on = _OtherDay("Which day?")

    def command(self, *, today: date) -> TaskCommand:
        days = QUICK_DAYS.get(self.due.data)
        return self._command(self.due_on.day if days is None else today + timedelta(days=days))


class ChangeTaskForm(_TaskFields):
    version = HiddenField()
    due_on = LocalDateField("By which day?")

    def seen_version(self) -> int:
        return number_in(self.version.data)

    def command(self) -> TaskCommand:
        return self._command(self.due_on.day)
