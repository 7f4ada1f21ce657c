"""Fields that the forms of every slice share, and how a refused form says what is wrong. A field
keeps what was typed as it was typed, so that a refused form gives it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_wtf import FlaskForm
from wtforms import Field, Form, RadioField, SelectMultipleField, StringField, ValidationError

from parents_partners.core.clock import programme_zone
from parents_partners.core.local_time import Unreadable, When, read_date, read_when
from parents_partners.core.text import problem_with_text

NOT_OFFERED = "What you chose is not offered any more."
"""Somebody was quicker, or a list was changed, after the page was opened."""


class PostForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF tells no types; said once, here
    """A form that is sent by POST, with its token against forgery."""


@dataclass(frozen=True)
class FieldProblem:
    """What is wrong, and the id of the field where it can be mended; None without one."""

    anchor: str | None
    message: str


def problems_of(form: Form) -> list[FieldProblem]:
    """Everything that is wrong with a form, in the order of its fields."""
    problems = [FieldProblem(None, message) for message in form.form_errors]
    for field in form:
        problems += [FieldProblem(field.id, message) for message in field.errors]
    return problems


def add_problems(form: Form, problems: Mapping[str, str]) -> None:
    """Put a service's refusal (`Refused.problems`) where the person who typed will see it."""
    for name, message in problems.items():
        if name in form:
            form[name].errors = [*form[name].errors, message]
        else:
            form.form_errors = [*form.form_errors, message]


class Written:
    """Refuses text that cannot be kept, in words."""

    def __init__(self, longest: int, *, what: str, multiline: bool = False) -> None:
        self.longest, self.what, self.multiline = longest, what, multiline

    def __call__(self, _form: object, field: Field) -> None:
        problem = problem_with_text(
            field.data or "", multiline=self.multiline, max_length=self.longest, what=self.what
        )
        if problem:
            raise ValidationError(problem)


def number_in(hidden: str | None) -> int:
    """The number that a hidden field carries, such as the version that was on the page. Where it
    was tampered with 0, which is the version and the id of nothing that was ever saved."""
    typed = hidden or ""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


class LocalTimeField(StringField):
    """A local day and time of day, kept as typed. `when` is the instant once it was validated."""

    when: When

    def pre_validate(self, _form: object) -> None:
        if not (self.data or "").strip():
            raise ValidationError("Give the date and the time.")
        try:
            self.when = read_when(self.data or "", programme_zone())
        except Unreadable as error:
            raise ValidationError(str(error)) from None


class LocalDateField(StringField):
    """A local day, kept as typed. `day` is the date once it was validated."""

    day: date

    def pre_validate(self, _form: object) -> None:
        if not (self.data or "").strip():
            raise ValidationError(self.description or "Give the date.")
        try:
            self.day = read_date(self.data or "")
        except Unreadable as error:
            raise ValidationError(str(error)) from None


class ChoiceField(RadioField):
    """One of a few; words of ours where nothing, or nothing we offered, was chosen."""

    def pre_validate(self, _form: object) -> None:
        if self.data not in {choice[0] for choice in self.choices or ()}:
            words = self.description or "Choose one of these."
            raise ValidationError(f"{NOT_OFFERED} {words}" if self.data else words)


class ChoicesField(SelectMultipleField):
    """Some of a few, at least one."""

    def pre_validate(self, _form: object) -> None:
        known = {choice[0] for choice in self.choices or ()}
        words = self.description or "Choose at least one."
        if not self.data:
            raise ValidationError(words)
        if not set(self.data) <= known:
            raise ValidationError(f"{NOT_OFFERED} {words}")
