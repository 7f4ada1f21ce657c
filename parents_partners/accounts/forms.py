"""Fields and wording of signing in, of people, organisations and units."""

from collections.abc import Sequence
from typing import Any

from flask import current_app
from flask_security.forms import EmailValidation, LoginForm
from wtforms import (
    EmailField,
    Field,
    Form,
    HiddenField,
    PasswordField,
    SelectField,
    StringField,
    TelField,
    ValidationError,
)
from wtforms.validators import InputRequired, Optional

from parents_partners.accounts.passwords import (
    DEMONSTRATION_PASSWORD,
    LONGEST_PASSWORD,
    problem_with_password,
)
from parents_partners.accounts.types import (
    AccountCommand,
    AccountFilter,
    AccountState,
    OrganisationCommand,
    OrganisationKind,
    OrganisationName,
    Role,
)
from parents_partners.core.forms import ChoiceField, PostForm, number_in
from parents_partners.core.text import clean, problem_with_text
from parents_partners.core.types import Labelled

WRONG = (
    "This e-mail address and this password do not belong to an account. Check both and try again."
)

LONGEST_ADDRESS = 254


class SignInForm(LoginForm):
    """E-mail address and password. Says the same words whatever was wrong, so that nobody learns
    who has an account; nothing remembers a person on a shared computer."""

    email = EmailField(
        "E-mail address",
        # No more of it than shows that it is too long: putting accents in order takes the square
        # of their number, and here anybody may send.
        filters=[lambda text: clean((text or "")[: 2 * LONGEST_ADDRESS])],
        validators=[InputRequired(), EmailValidation()],
    )
    password = PasswordField("Password", validators=[InputRequired()])
    next = HiddenField()
    # Takes away what Flask-Security's form brings: nobody is remembered on a shared computer,
    # and the button is the page's. (Its types do not know that a field can be taken away.)
    remember = None  # type: ignore[assignment]
    submit = None  # type: ignore[assignment]

    def validate(self, **kwargs: Any) -> bool:
        if not self._can_be_read():
            # A page cannot give back what no page can show.
            self.email.data = ""
            return False
        if self.password.data == DEMONSTRATION_PASSWORD and not current_app.config["DEMONSTRATION"]:
            return False
        return super().validate(**kwargs)

    def _can_be_read(self) -> bool:
        return all(
            problem_with_text(text or "", multiline=False, max_length=longest) is None
            for text, longest in (
                (self.email.data, LONGEST_ADDRESS),
                (self.password.data, LONGEST_PASSWORD),
            )
        )


class AccountFilterForm(Form):
    """Asked by GET. What is not in the list asks for nothing."""

    words = StringField("Name or e-mail address")
    role = SelectField("Role", validate_choice=False)
    organisation = SelectField("Organisation", validate_choice=False)
    state = SelectField("State", validate_choice=False)

    def __init__(self, values: Any, *, organisations: Sequence[OrganisationName]) -> None:
        super().__init__(values)
        self.role.choices = [("", "Any"), *_labelled(Role)]
        self.organisation.choices = [
            ("", "Any"),
            *((one.public_id, one.name) for one in organisations),
        ]
        self.state.choices = [("", "Any"), *_labelled(AccountState)]

    def wanted(self) -> AccountFilter:
        return AccountFilter(
            words=clean((self.words.data or "")[:LONGEST_ADDRESS]) or None,
            role=Role(self.role.data) if _offered(self.role) else None,
            organisation=_offered(self.organisation),
            state=AccountState(self.state.data) if _offered(self.state) else None,
        )


class AccountForm(PostForm):
    """Who somebody is and what they may do. What can be kept, the service says: of all fields at
    once."""

    version = HiddenField()
    name = StringField("Name")
    email = EmailField("E-mail address")
    title = StringField("Title", [Optional()])
    phone = TelField("Phone", [Optional()])
    role = SelectField("Role", validate_choice=False)
    organisation = SelectField("Organisation", validate_choice=False)
    unit = SelectField("Unit", validate_choice=False)

    def __init__(
        self, *, organisations: Sequence[OrganisationName], units: Sequence[str], **values: Any
    ) -> None:
        super().__init__(**values)
        self.role.choices = [("", "Choose"), *_labelled(Role)]
        self.organisation.choices = [
            ("", "Choose"),
            *((one.name, _said(one)) for one in organisations),
        ]
        self.unit.choices = [("", "Choose"), *((name, name) for name in units)]

    def seen_version(self) -> int:
        return number_in(self.version.data)

    def command(self) -> AccountCommand:
        role = Role(self.role.data) if _offered(self.role) else None
        return AccountCommand(
            email=self.email.data or "",
            name=self.name.data or "",
            title=self.title.data,
            phone=self.phone.data,
            role=role,
            organisation=_offered(self.organisation) or "",
            # Without script the field is in sight whatever the role.
            unit=_offered(self.unit) if role is not None and role.belongs_to_a_unit else None,
        )


class PasswordForm(PostForm):
    password = PasswordField("New password")
    again = PasswordField("The same password again")

    def __init__(self, *, known: Sequence[str], **values: Any) -> None:
        """`known`: what everybody knows of the person, which is no password."""
        super().__init__(**values)
        self._known = known

    def validate_password(self, field: Field) -> None:
        if problem := problem_with_password(field.data or "", self._known):
            raise ValidationError(problem)

    def validate_again(self, field: Field) -> None:
        if not self.password.errors and field.data != self.password.data:
            raise ValidationError("The two passwords differ. Type the same one twice.")


class OrganisationForm(PostForm):
    """`seen_name` and `seen_kind` are what stood on the page."""

    seen_name = HiddenField()
    seen_kind = HiddenField()
    name = StringField("Name")
    kind = ChoiceField("Kind", description="Choose what kind of organisation it is.")

    def __init__(self, kinds: Sequence[OrganisationKind], **values: Any) -> None:
        super().__init__(**values)
        self.kind.choices = [(kind.value, kind.label) for kind in kinds]

    def command(self) -> OrganisationCommand:
        return OrganisationCommand(self.name.data or "", OrganisationKind(self.kind.data))

    def seen(self) -> OrganisationCommand:
        known = [kind for kind in OrganisationKind if kind.value == self.seen_kind.data]
        kind = known[0] if known else OrganisationKind.UNKNOWN
        return OrganisationCommand(self.seen_name.data or "", kind)


class SpellingForm(PostForm):
    """Which organisation a spelling means: one of the likely ones or any other."""

    organisation = SelectField("The organisation that it means", validate_choice=False)

    def __init__(
        self,
        likely: Sequence[OrganisationName],
        others: Sequence[OrganisationName],
        **values: Any,
    ) -> None:
        super().__init__(**values)
        known = {one.public_id for one in likely}
        self.organisation.choices = [
            ("", "Choose"),
            *((one.public_id, f"{one.name} (alike)") for one in likely),
            *((one.public_id, _said(one)) for one in others if one.public_id not in known),
        ]

    def validate_organisation(self, field: Field) -> None:
        if not _offered(field):
            raise ValidationError("Choose the organisation that it means.")


class UnitForm(PostForm):
    """`seen_name` is what stood on the page."""

    seen_name = HiddenField()
    name = StringField("Name")


def _labelled(vocabulary: type[Labelled]) -> list[tuple[str, str]]:
    return [(one.value, one.label) for one in vocabulary]


def _offered(field: Any) -> str | None:
    """What was chosen, if it was among what could be."""
    return field.data if field.data and field.data in dict(field.choices or ()) else None


def _said(one: OrganisationName) -> str:
    return f"{one.name} (not sorted yet)" if one.kind is OrganisationKind.UNKNOWN else one.name
