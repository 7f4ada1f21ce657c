"""The kinds of field of the referral form. Each knows what it says in a document (`said`, None for
nothing) and in words (`in_words`, for checking). None judges: `referrals.submission` does."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, ClassVar

from wtforms import (
    EmailField,
    Field,
    FieldList,
    FormField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from parents_partners.core.local_time import Unreadable, read_date
from parents_partners.core.words import clock_words, date_words

_NOT_IN_A_PAGE = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000)
    )
    + "]"
)


class Said:
    """What was typed, as typed; nothing where it is empty."""

    data: Any

    def said(self) -> object | None:
        return self.data or None

    def in_words(self) -> str:
        return printable(self.data or "")

    def _value(self) -> str:
        return printable(self.data or "")


class Text(Said, StringField):
    """One line."""


class Email(Said, EmailField):
    pass


class Phone(Said, TelField):
    pass


class LongText(Said, TextAreaField):
    """Several lines. Always in the document, be it empty; `longest` feeds the counter only."""

    def __init__(self, label: str, longest: int, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.flags.maxlength = longest

    def said(self) -> object | None:
        return self.data or ""


class Day(Said, StringField):
    """A local day, 2026-12-08."""

    def in_words(self) -> str:
        return _day_in_words(self.data or "")


class OneOf(Said, RadioField):
    """One of a few codes, all in sight."""

    def in_words(self) -> str:
        return _label_of(self)


class FromList(Said, SelectField):
    """One of many codes."""

    def in_words(self) -> str:
        return _label_of(self) if self.data else ""


class AnyOf(SelectMultipleField):
    """Any of a few codes. Always in the document, be it an empty list."""

    def said(self) -> object | None:
        return list(self.data or [])

    def in_words(self) -> str:
        labels = _labels(self)
        return "; ".join(labels.get(code, code) for code in self.data or [])


class YesNo(RadioField):
    """Yes, no, or nothing said. True and False in the document. `unsaid` are the words for saying
    nothing, where that is an answer that can be gone back to."""

    _VALUES: ClassVar = {"yes": True, "no": False}

    def __init__(self, label: str, no: str = "No", unsaid: str = "", **kwargs: Any) -> None:
        choices = [SelectChoice("yes", "Yes"), SelectChoice("no", no)]
        if unsaid:
            choices.append(SelectChoice("", unsaid))
        super().__init__(label, choices=choices, **kwargs)

    def process_data(self, value: object) -> None:
        known = {True: "yes", False: "no"}
        self.data = known[value] if isinstance(value, bool) else value or ""

    def said(self) -> object | None:
        return self._VALUES.get(self.data, self.data or None)

    def in_words(self) -> str:
        return _label_of(self) if self.data else ""


class WithMore(Said, Field):
    """A field of two inputs, which are one text in the document. The second is named after the
    first, with `more` behind it."""

    more: ClassVar[str]

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        name = f"{self.name}-{self.more}"
        self.second = "".join(formdata.getlist(name)[:1]) if formdata else ""
        super().process(formdata, *args, **kwargs)


class Moment(WithMore):
    """A local day and a time of day: 2026-12-08T14:30."""

    more = "time"

    def process_formdata(self, valuelist: list[str]) -> None:
        day = "".join(valuelist[:1])
        self.data = f"{day}T{self.second}" if self.second else day

    def process_data(self, value: object) -> None:
        self.data = value if isinstance(value, str) else ""

    @property
    def day(self) -> str:
        return printable(self.data or "").partition("T")[0]

    @property
    def time(self) -> str:
        return printable(self.data or "").partition("T")[2]

    def in_words(self) -> str:
        parts = (_day_in_words(self.day), _time_in_words(self.time))
        return ", ".join(part for part in parts if part)


class Language(WithMore):
    """A language of the programme's list, or the code of another."""

    more = "code"

    OTHER: ClassVar = "?"
    """Chosen while the code of the other language is not typed yet. No code is written so, which
    is how the judge comes to ask for it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        chosen = "".join(valuelist[:1])
        self.data = (self.second or chosen) if chosen in ("", self.OTHER) else chosen

    def process_data(self, value: object) -> None:
        self.data = value if isinstance(value, str) else ""

    @property
    def options(self) -> list[SelectChoice]:
        form: Any = self._form  # type: ignore[attr-defined]
        options: list[SelectChoice] = listed("language")(form)
        return options

    @property
    def code(self) -> str:
        """What is typed beside the list."""
        listed_codes = {option.value for option in self.options}
        return "" if self.data in {*listed_codes, self.OTHER} else printable(self.data or "")

    @property
    def is_other(self) -> bool:
        return self.data == self.OTHER or bool(self.code)

    def in_words(self) -> str:
        labels = {option.value: option.label for option in self.options}
        return labels.get(self.data) or (f"Another, code {self.code}" if self.code else "")


class Rows(FieldList):  # type: ignore[type-arg]  # (not subscriptable when it runs)
    """Rows that a person adds and removes. `most` is told to the browser; more than that are taken
    in all the same, so that they can be judged and nothing typed is lost."""

    def __init__(self, form_class: type, label: str, most: int, **kwargs: Any) -> None:
        super().__init__(FormField(form_class), label, min_entries=1, **kwargs)
        self.most = most

    def process(self, *args: Any, **kwargs: Any) -> None:
        self.max_entries = None
        super().process(*args, **kwargs)
        self.max_entries = self.most

    def add_row(self) -> str:
        """A blank row at the end; says the id of its first field."""
        self.max_entries = None
        added = self.append_entry()
        self.max_entries = self.most
        return str(next(iter(added.form)).id)

    def remove_row(self, row: Any) -> None:
        self.entries.remove(row)

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        # Names are sent by strangers: "children-²-first_name" must not be read as a number.
        row = re.compile(rf"{re.escape(prefix)}-([0-9]{{1,6}})-")
        return (int(match[1]) for match in map(row.match, formdata) if match)


def printable(text: str) -> str:
    """The text as a page can carry it: a sign that no page may hold is shown as �, so that whoever
    is asked to delete it sees where it is."""
    return _NOT_IN_A_PAGE.sub("\ufffd", text.replace("\v", "\n"))


def codes(kind: Any, first: str = "") -> Any:
    """The choices of an enum whose members have a `label`; `first` is the words for none."""
    members = [SelectChoice(member.value, member.label) for member in kind]
    return [SelectChoice("", first), *members] if first else members


def listed(name: str, first: str = "") -> Any:
    """The choices of a list of the programme, which the outermost form was made with."""

    def choices(form: Any, _field: object = None) -> list[SelectChoice]:
        while form._parent_form is not None:
            form = form._parent_form
        members = [SelectChoice(code, label) for code, label in form.meta.lists[name]]
        return [SelectChoice("", first), *members] if first else members

    return choices


def _label_of(field: Any) -> str:
    words: str = _labels(field).get(field.data, field.data or "")
    return words


def _labels(field: Any) -> dict[str, str]:
    return {choice.value: choice.label for choice in field.iter_choices()}


def _day_in_words(text: str) -> str:
    try:
        return date_words(read_date(text))
    except Unreadable:
        return text


def _time_in_words(text: str) -> str:
    try:
        return clock_words(datetime.strptime(text, "%H:%M"))  # noqa: DTZ007 (local already)
    except ValueError:
        return text
