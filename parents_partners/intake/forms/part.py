"""A part of the referral form, and how a problem in a document finds its field."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import Field, FieldList, Form, FormField

from parents_partners.core.forms import FieldProblem
from parents_partners.intake.forms.fields import Rows
from parents_partners.intake.types import Document
from parents_partners.referrals.submission import Problem


@dataclass(frozen=True)
class Answers:
    """What was answered under one heading: (what was asked, the answer in words). `remark` says
    what the reader should know about it."""

    heading: str
    rows: tuple[tuple[str, str], ...]
    remark: str = ""


class Part(Form):
    """Fields whose names are those of the referral schema."""

    def fragment(self) -> Document:
        """What these fields say, in the shape of the schema; what says nothing is left out."""
        said = {field.short_name: _said(field) for field in self}
        return {name: value for name, value in said.items() if value is not None}

    def answers(self, heading: str = "") -> list[Answers]:
        """The answers for checking, those given only. A part with a label has its own heading."""
        rows: list[tuple[str, str]] = []
        more: list[Answers] = []
        for field in self:
            if isinstance(field, FieldList):
                for number, entry in enumerate(field.entries, start=1):
                    more += entry.form.answers(f"{field.label.text} {number}")
            elif isinstance(field, FormField):
                for answers in field.form.answers(field.label.text):
                    if answers.heading:
                        more.append(answers)
                    else:
                        rows += answers.rows
            elif words := _in_words(field):
                rows.append((field.label.text, words))
        return [Answers(heading, tuple(rows)), *more] if rows or not more else more


class Step(Part):
    """A step of the form. `lists` are the programme's lists that it chooses from: name to
    (code, label)."""

    @classmethod
    def typed(cls, formdata: Any, lists: Mapping[str, Sequence[tuple[str, str]]]) -> "Step":
        return cls(formdata, meta={"lists": lists})

    @classmethod
    def drafted(cls, document: Document, lists: Mapping[str, Sequence[tuple[str, str]]]) -> "Step":
        return cls(data=document, meta={"lists": lists})

    def change_rows(self, *, add: str | None, remove: str | None) -> str | None:
        """Adds a row to the list named `add`, or removes the row named `remove`, as the buttons
        do where no JavaScript runs. Says the id at which the reader goes on; None if no button of
        a row was pressed."""
        for field in self:
            if not isinstance(field, Rows):
                continue
            if field.name == add:
                return field.add_row()
            for entry in field.entries:
                if entry.name == remove:
                    field.remove_row(entry)
                    return field.id
        return None

    def properties(self) -> tuple[str, ...]:
        """The properties of the document that this step is about."""
        return tuple(field.short_name for field in self)


def show(problems: Iterable[Problem], form: Part) -> list[FieldProblem]:
    """Puts each problem to the field that it is about and says where that is, in the order of the
    fields: that of the page."""
    shown = []
    for problem in problems:
        field = field_at(problem.path, form)
        if field is not None and problem.message not in field.errors:
            field.errors = [*field.errors, problem.message]
        anchor = field.id if field is not None else None
        shown.append(FieldProblem(anchor, _row_of(problem.path, form) + problem.message))
    place = {field_id: at for at, field_id in enumerate(_ids(form))}
    return sorted(shown, key=lambda one: place.get(one.anchor or "", -1))


def _ids(form: Any) -> Iterator[str]:
    for field in form:
        yield field.id
        for part in field if isinstance(field, FieldList) else [field]:
            if isinstance(part, FormField):
                yield from _ids(part.form)


def _row_of(path: str, form: Part) -> str:
    """`Child 2: ` in front of a problem of one of several children; the field itself stands in
    its row and need not say so."""
    row = re.match(r"(\w+)\[(\d+)\]", path)
    rows = form[row[1]] if row and row[1] in form else None
    if row is None or not isinstance(rows, Rows) or len(rows.entries) < 2:
        return ""
    return f"{rows.label.text} {int(row[2]) + 1}: "


def field_at(path: str, form: Part) -> Field | None:
    """The field at `parents[0].agreement.asked_on`, or the nearest one around it."""
    here: Any = form
    for name in re.findall(r"[^.\[\]]+", path):
        inside = _inside(here, name)
        if inside is None:
            break
        here = inside
    while isinstance(here, FormField):
        here = next(iter(here.form))
    return here if isinstance(here, Field) else None


def _inside(here: Any, name: str) -> Field | None:
    if isinstance(here, FieldList):
        return here.entries[int(name)] if name.isdecimal() and int(name) < len(here) else None
    container = here.form if isinstance(here, FormField) else here
    return container[name] if isinstance(container, Form) and name in container else None


def _said(field: Any) -> object | None:
    if isinstance(field, FieldList):
        return [entry.form.fragment() for entry in field.entries]
    if isinstance(field, FormField):
        fragment: Document = field.form.fragment()
        return fragment
    said: object | None = field.said()
    return said


def _in_words(field: Any) -> str:
    words: str = field.in_words()
    return words
