from collections.abc import Sequence

from wtforms import Form, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import Length

from parents_partners.referrals.types import LONGEST_QUESTION, Shown


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
