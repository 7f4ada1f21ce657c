"""Fields and wording about a family's consents and conferences."""

from collections.abc import Sequence
from typing import Any

from wtforms import Field, HiddenField, SelectField, StringField, ValidationError
from wtforms.validators import Optional

from parents_partners.cases.types import (
    ConferenceCommand,
    ConsentCommand,
    ConsentScope,
    HeardFrom,
    HowAsked,
)
from parents_partners.core.forms import (
    ChoiceField,
    ChoicesField,
    LocalDateField,
    LocalTimeField,
    PostForm,
    Written,
    number_in,
)
from parents_partners.core.text import clean, link_problem

LONGEST_PLACE = 200
LONGEST_LINK = 500


class ConferenceForm(PostForm):
    version = HiddenField()
    kind = SelectField("Kind", validate_choice=False)
    starts_at = LocalTimeField("Date and time")
    place = StringField(
        "Place",
        [Optional(), Written(LONGEST_PLACE, what="The place")],
    )
    link = StringField("Link to join", [Optional(), Written(LONGEST_LINK, what="The link")])

    def __init__(self, kinds: Sequence[tuple[str, str]], **values: Any) -> None:
        super().__init__(**values)
        self.kind.choices = [("", "Choose"), *kinds]

    def validate_kind(self, field: Field) -> None:
        if field.data not in {choice[0] for choice in self.kind.choices or () if choice[0]}:
            raise ValidationError("Choose what kind of conference it is.")

    def validate_link(self, field: Field) -> None:
        if problem := link_problem(clean(field.data)):
            raise ValidationError(problem)

    def seen_version(self) -> int:
        return number_in(self.version.data)

    def command(self) -> ConferenceCommand:
        return ConferenceCommand(
            kind=self.kind.data,
            starts_at=self.starts_at.when.at,
            place=clean(self.place.data or "") or None,
            link=clean(self.link.data or "") or None,
        )


class ConfirmForm(PostForm):
    """What the parent says when they are read each scope: one radio field a scope, made for the
    scopes that they gave."""

    @classmethod
    def of(cls, scopes: Sequence[ConsentScope]) -> "ConfirmForm":
        fields = {}
        for scope in scopes:
            what = scope.label[0].lower() + scope.label[1:]
            fields[scope.value] = ChoiceField(
                f"Does the parent agree to {what}?",
                choices=[("yes", "Yes, the parent confirms it"), ("no", "No, the parent does not")],
                description=f"Say what the parent answered about {what}.",
            )
        form: ConfirmForm = type("ConfirmForm", (cls,), fields)()
        return form

    def refused(self, scopes: Sequence[ConsentScope]) -> frozenset[ConsentScope]:
        return frozenset(scope for scope in scopes if self[scope.value].data == "no")


class RecordForm(PostForm):
    scopes = ChoicesField(
        "What the parent agrees to now", description="Choose what the parent agreed to now."
    )
    asked_on = LocalDateField("When did you ask?")
    how = ChoiceField(
        "How did you ask?",
        choices=[(how.value, how.label) for how in HowAsked],
        description="Choose how you asked the parent.",
    )

    def __init__(self, scopes: Sequence[ConsentScope], **values: Any) -> None:
        super().__init__(**values)
        self.scopes.choices = [(scope.value, scope.label) for scope in scopes]

    def command(self) -> ConsentCommand:
        return ConsentCommand(
            scopes=frozenset(ConsentScope(code) for code in self.scopes.data or ()),
            asked_on=self.asked_on.day,
            how=HowAsked(self.how.data),
        )


class WithdrawForm(PostForm):
    scopes = ChoicesField(
        "What does the parent take back?", description="Choose what the parent takes back."
    )
    heard_from = ChoiceField(
        "Who told you?",
        choices=[(who.value, who.label) for who in HeardFrom],
        description="Choose who told you.",
    )

    def __init__(self, scopes: Sequence[ConsentScope], **values: Any) -> None:
        super().__init__(**values)
        self.scopes.choices = [(scope.value, scope.label) for scope in scopes]

    def chosen(self) -> frozenset[ConsentScope]:
        return frozenset(ConsentScope(code) for code in self.scopes.data or ())


class KeepOutForm(PostForm):
    """Which colleague must not see this family. No reason is asked (ADV-01)."""

    person = SelectField("Colleague", validate_choice=False)

    def __init__(self, colleagues: Sequence[tuple[str, str]], **values: Any) -> None:
        super().__init__(**values)
        self.person.choices = [("", "Choose"), *colleagues]

    def validate_person(self, field: Field) -> None:
        if field.data not in {choice[0] for choice in self.person.choices or () if choice[0]}:
            raise ValidationError("Choose who must not see the family.")


class KeepOutByNumberForm(KeepOutForm):
    number = StringField("Case number")


class KeepMeOutForm(PostForm):
    number = StringField("Case number")
