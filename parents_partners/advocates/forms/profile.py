from collections.abc import Sequence
from typing import Any

from wtforms import HiddenField, SelectMultipleField, StringField, ValidationError

from parents_partners.advocates.types import AgeBand, ProfileCommand
from parents_partners.cases.types import Borough
from parents_partners.core.forms import LocalDateField, PostForm, number_in

Choices = Sequence[tuple[str, str]]


class AnyOfField(SelectMultipleField):
    """Any of a few, or none."""

    def pre_validate(self, _form: object) -> None:
        known = {choice[0] for choice in self.choices or ()}
        if not set(self.data or ()) <= known:
            raise ValidationError("Choose from those shown.")


class ProfileForm(PostForm):
    """What a Family Specialist takes on. `capacity` is only on a supervisor's page."""

    version = HiddenField()
    capacity = StringField("How many families they can carry")
    languages = AnyOfField("Languages")
    boroughs = AnyOfField(
        "Boroughs", choices=[(borough.value, borough.label) for borough in Borough]
    )
    age_bands = AnyOfField(
        "Ages of children", choices=[(band.value, band.label) for band in AgeBand]
    )
    concerns_taken = AnyOfField("Families with these concerns are welcome")
    concerns_not_taken = AnyOfField("No families with these concerns")

    def __init__(
        self, *, supervises: bool, languages: Choices, concerns: Choices, **values: Any
    ) -> None:
        super().__init__(**values)
        if not supervises:
            del self.capacity
        self.languages.choices = list(languages)
        self.concerns_taken.choices = list(concerns)
        self.concerns_not_taken.choices = list(concerns)

    def validate_capacity(self, field: StringField) -> None:
        if _number(field.data) is None:
            raise ValidationError("Give the number of families, like 12.")

    def command(self) -> ProfileCommand:
        return ProfileCommand(
            languages=tuple(self.languages.data or ()),
            boroughs=tuple(self.boroughs.data or ()),
            age_bands=tuple(self.age_bands.data or ()),
            concerns_taken=tuple(self.concerns_taken.data or ()),
            concerns_not_taken=tuple(self.concerns_not_taken.data or ()),
            capacity=_number(self.capacity.data) if "capacity" in self else None,
            version=number_in(self.version.data),
        )


class AwayForm(PostForm):
    from_on = LocalDateField("First day away", description="Give the first day away.")
    until_on = LocalDateField("Last day away", description="Give the last day away.")


def _number(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else None
