"""Fields and wording about services that parents need (ADV-03)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import Field, HiddenField, RadioField, SelectField, StringField, ValidationError
from wtforms.validators import Optional

from parents_partners.advocates.types import ServiceAction, ServiceCommand, ServiceStepCommand
from parents_partners.core.forms import (
    ChoiceField,
    LocalDateField,
    PostForm,
    Written,
    number_in,
)
from parents_partners.core.text import clean

LONGEST_PROVIDER = 200
NOTHING_NEW = "nothing_new"


class OfferServiceForm(PostForm):
    person = ChoiceField("For whom?", description="Choose a parent whom you support.")
    kind = SelectField("Kind of service", validate_choice=False)
    provider = StringField(
        "Who gives it", [Optional(), Written(LONGEST_PROVIDER, what="The name of the place")]
    )
    happened_on = LocalDateField("When did you offer it?")

    def __init__(
        self, parents: Sequence[tuple[str, str]], kinds: Sequence[tuple[str, str]], **values: Any
    ) -> None:
        super().__init__(**values)
        self.person.choices = list(parents)
        self.kind.choices = [("", "Choose"), *kinds]

    def validate_kind(self, field: Field) -> None:
        if field.data not in {choice[0] for choice in self.kind.choices or () if choice[0]}:
            raise ValidationError("Choose what kind of service it is.")

    def command(self) -> ServiceCommand:
        return ServiceCommand(
            person=self.person.data,
            kind=self.kind.data,
            provider=clean(self.provider.data or "") or None,
            happened_on=self.happened_on.day,
        )


class _DayOrToday(LocalDateField):
    """Left out, as one press leaves it out, it is today."""

    def pre_validate(self, form: object) -> None:
        if (self.data or "").strip():
            super().pre_validate(form)


class ServiceStepForm(PostForm):
    """What became of a service. `actions` are those that can follow."""

    version = HiddenField()
    action = ChoiceField("What happened?", description="Choose what happened.")
    reason = RadioField("Why will it not happen?", validate_choice=False)
    provider = StringField(
        "Who gives it", [Optional(), Written(LONGEST_PROVIDER, what="The name of the place")]
    )
    happened_on = _DayOrToday("When?")

    def __init__(
        self,
        actions: Sequence[ServiceAction],
        reasons: Sequence[tuple[str, str]],
        **values: Any,
    ) -> None:
        super().__init__(**values)
        self.reason.choices = list(reasons)
        self.offer(actions)

    def offer(self, actions: Sequence[ServiceAction]) -> None:
        """What can be chosen: what follows now may differ from what followed when somebody
        opened the page."""
        self.action.choices = [
            *((one.value, one.label) for one in actions if one is not ServiceAction.FALL_THROUGH),
            (NOTHING_NEW, "I asked: nothing new yet"),
            (ServiceAction.FALL_THROUGH.value, ServiceAction.FALL_THROUGH.label),
        ]

    def seen_version(self) -> int:
        return number_in(self.version.data)

    def command(self, *, today: date) -> ServiceStepCommand:
        action = None if self.action.data == NOTHING_NEW else ServiceAction(self.action.data)
        falls = action is ServiceAction.FALL_THROUGH
        typed = (self.happened_on.data or "").strip()
        return ServiceStepCommand(
            action=action,
            happened_on=self.happened_on.day if typed else today,
            provider=clean(self.provider.data or "") or None,
            reason=self.reason.data if falls else None,
        )
