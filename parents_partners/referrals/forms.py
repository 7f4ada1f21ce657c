from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wtforms import Form, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import Length

from parents_partners.referrals.types import LONGEST_QUESTION, Shown


@dataclass(frozen=True)
class Complaint:
    """A line of the error summary: the field's id, or None, and the words."""

    anchor: str | None
    message: str


class ListFilter(Form):
    """Read from the address; changes nothing."""

    shown = SelectField("Show", choices=[(shown.value, shown.label) for shown in Shown])

    def chosen(self) -> Shown:
        """Whatever stands in the address, one of those there are."""
        return Shown(self.shown.data) if self.shown.data in set(Shown) else Shown.OPEN


class AnswerForm(Form):
    text = TextAreaField("Your answer", validators=[Length(max=LONGEST_QUESTION)])


class WithdrawForm(Form):
    """Which of several parents withdrew, by their place among those who agreed."""

    parents = SelectMultipleField("Who withdrew", coerce=int)

    def offer(self, names: Sequence[str]) -> None:
        self.parents.choices = list(enumerate(names))

    def chosen(self) -> frozenset[int]:
        return frozenset(self.parents.data or ())


def complaints(form: Form, problems: Mapping[str, str]) -> list[Complaint]:
    """Put each problem beside its field, and give the lines for the summary on top."""
    lines = []
    for name, message in problems.items():
        if name in form:
            form[name].errors = [message]
        lines.append(Complaint(form[name].id if name in form else None, message))
    return lines
