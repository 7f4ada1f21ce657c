"""Fields and wording of a call to the helpline, of a message and of a withdrawal that was heard.
Nothing but the kind has to be filled in: a caller need not say who they are (REF-01)."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import BooleanField, Form, HiddenField, RadioField, SelectField
from wtforms.validators import Optional

from parents_partners.cases.types import ConsentScope, HeardFrom
from parents_partners.core.forms import ChoiceField, PostForm, Written, number_in
from parents_partners.core.text import clean
from parents_partners.core.types import Labelled
from parents_partners.intake.forms.fields import AnyOf, FromList, LongText, OneOf, Phone, Text
from parents_partners.intake.types import (
    LONGEST_NOTE,
    Caller,
    CallKind,
    CallLine,
    ChangedCall,
    KnownCaller,
    TakenCall,
)
from parents_partners.referrals.looking_for import LookedFor
from parents_partners.referrals.types import LONGEST_MESSAGE, MessageCommand, WithdrawalCommand

_LONGEST_NAME = 200
_LONGEST_PHONE = 40
_LONGEST_NUMBER = 40
_LONGEST_WAY = 500
_KEY = re.compile("[0-9a-f]{20}")

_VOICEMAIL = [("yes", "Yes"), ("no", "No"), ("", "Not said")]


def _codes(kind: Iterable[Labelled]) -> list[tuple[str, str]]:
    return [(one.value, one.label) for one in kind]


def _written(longest: int, what: str, *, multiline: bool = False) -> list[Any]:
    return [Optional(), Written(longest, what=what, multiline=multiline)]


class ReachForm(PostForm):
    """How whoever called may be reached, and the key of the page that asks."""

    submission_key = HiddenField()
    phone = Phone("Phone number", validators=_written(_LONGEST_PHONE, "The phone number"))
    may_leave_voicemail = OneOf("May we leave a message there?", choices=_VOICEMAIL, default="")
    safe_contact_note = Text(
        "How to reach them safely", validators=_written(_LONGEST_WAY, "How to reach them")
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        for name in ("phone", "may_leave_voicemail", "safe_contact_note"):
            # Every page asks these last, and what is wrong is listed in the order of the page.
            self._fields[name] = self._fields.pop(name)

    def may_leave_message(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.may_leave_voicemail.data or "")

    def key(self) -> str | None:
        """Makes a second press the same call or message; None where it was tampered with."""
        typed = self.submission_key.data or ""
        return typed if _KEY.fullmatch(typed) else None

    def kept(self, name: str) -> str | None:
        """What stands in this field, as it is kept; None for nothing."""
        return clean(self[name].data or "") or None


class TakeCallForm(ReachForm):
    """The one page that is filled while somebody speaks. What is searched with stands in it too:
    the case number is the call's, and the name and phone are the caller's where `is_searched`."""

    case_number = Text("Case number", validators=_written(_LONGEST_NUMBER, "The case number"))
    about_name = Text("Name of parent or child", validators=_written(_LONGEST_NAME, "The name"))
    about_phone = Phone(
        "Their phone number", validators=_written(_LONGEST_PHONE, "The phone number")
    )
    is_searched = BooleanField("The caller is the parent with this name and phone number")
    referral = RadioField("Is the call about one of these?", validate_choice=False, default="")
    note = LongText(
        "What was said",
        LONGEST_NOTE,
        validators=_written(LONGEST_NOTE, "What was said", multiline=True),
    )
    kind = ChoiceField(
        "What is the call for?",
        choices=_codes(CallKind),
        description="Choose what the call is for.",
    )
    handed_to = Text("Handed over to", validators=_written(_LONGEST_NAME, "This name"))
    line = ChoiceField("On which line?", choices=_codes(CallLine), default=CallLine.HELPLINE.value)
    through_interpreter = BooleanField("We speak through an interpreter")
    language = FromList("Language", validate_choice=False)
    caller = OneOf("Who calls?", choices=[*_codes(Caller), ("", "Not said")], default="")
    first_name = Text("First name", validators=_written(_LONGEST_NAME, "The first name"))
    last_name = Text("Last name", validators=_written(_LONGEST_NAME, "The last name"))
    organisation = Text("Organisation", validators=_written(_LONGEST_NAME, "The organisation"))

    def __init__(self, languages: Sequence[tuple[str, str]], **values: Any) -> None:
        super().__init__(**values)
        self.language.choices = [("", "Not said"), *languages]
        self._languages = {code for code, _label in languages}

    def validate(self, extra_validators: Any = None) -> bool:
        if self.referral.data and not self.kind.data:
            # Who chose a family that is known has said what the call is for.
            self.kind.data = CallKind.UPDATE.value
        return bool(super().validate(extra_validators))

    def searched(self) -> dict[str, str]:
        """What to search with: `number`, `name` and `phone` of the family, or where nothing was
        typed there, the caller's own. Empty if there is nothing, or nothing that can be read: a
        phone is looked for by its last digits, so a part of one would find nobody."""
        terms = self._terms()
        if self.has_part_of_a_phone():
            del terms["phone"]
        return terms

    def has_part_of_a_phone(self) -> bool:
        """Whether a phone was typed that nobody can be found by."""
        phone = self._terms().get("phone")
        return phone is not None and not LookedFor(number=phone).phone

    def _terms(self) -> dict[str, str]:
        name, phone = self.kept("about_name"), self.kept("about_phone")
        if not (name or phone):
            name = " ".join(filter(None, (self.kept("first_name"), self.kept("last_name"))))
            phone = self.kept("phone")
        terms = {"number": self.kept("case_number"), "name": name, "phone": phone}
        return {term: text for term, text in terms.items() if text}

    def command(self) -> TakenCall:
        caller = Caller(self.caller.data) if self.caller.data in set(Caller) else None
        first_name, last_name = self.kept("first_name"), self.kept("last_name")
        phone, family = self.kept("phone"), name_in_parts(self.kept("about_name") or "")
        if self.is_searched.data:
            caller = caller or Caller.PARENT
            if not (first_name or last_name) and family:
                first_name, last_name = family[0] or None, family[1]
            phone = phone or self.kept("about_phone")
        return TakenCall(
            kind=CallKind(self.kind.data),
            line=CallLine(self.line.data),
            through_interpreter=bool(self.through_interpreter.data),
            language=self.language.data if self.language.data in self._languages else None,
            caller=caller,
            first_name=first_name,
            last_name=last_name,
            organisation=self.kept("organisation"),
            phone=phone,
            may_leave_voicemail=self.may_leave_message(),
            safe_contact_note=self.kept("safe_contact_note"),
            case_number=self.kept("case_number"),
            handed_to=self.kept("handed_to"),
            note=clean(self.note.data or ""),
            family=family,
            family_phone=self.kept("about_phone"),
        )


def name_in_parts(text: str) -> tuple[str, str] | None:
    """A name that was typed in one line, as first and last name: `Marte, Luz` and `Luz Marte` are
    the same. A single word is the last name."""
    if "," in text:
        last, _, first = text.partition(",")
    else:
        first, _, last = text.rpartition(" ")
    return (first.strip(), last.strip()) if last.strip() else None


class ChangeCallForm(PostForm):
    version = HiddenField()
    kind = ChoiceField(
        "What was the call for?",
        choices=_codes(CallKind),
        description="Choose what the call was for.",
    )
    phone = Phone("Phone number", validators=_written(_LONGEST_PHONE, "The phone number"))
    note = LongText(
        "What was said",
        LONGEST_NOTE,
        validators=_written(LONGEST_NOTE, "What was said", multiline=True),
    )

    def command(self) -> ChangedCall:
        return ChangedCall(
            kind=CallKind(self.kind.data),
            note=clean(self.note.data or ""),
            phone=clean(self.phone.data or "") or None,
            version=number_in(self.version.data),
        )


class MessageForm(ReachForm):
    text = LongText("What did the caller say?", LONGEST_MESSAGE)
    caller = Text("Who called?", validators=_written(_LONGEST_NAME, "The name"))

    def command(self) -> MessageCommand:
        return MessageCommand(
            text=self.text.data or "",
            key=self.key(),
            caller=self.kept("caller"),
            phone=self.kept("phone"),
            may_leave_voicemail=self.may_leave_message(),
            safe_contact_note=self.kept("safe_contact_note"),
        )


EVERYTHING = "everything"


class HeardWithdrawalForm(ReachForm):
    """A parent takes consent back, as somebody says it on the phone (ADV-05)."""

    first_name = Text("First name of the parent", validators=[Written(200, what="The first name")])
    last_name = Text("Last name of the parent", validators=[Written(200, what="The last name")])
    what = ChoiceField(
        "What does the parent take back?",
        choices=[(EVERYTHING, "Everything"), ("part", "Only a part")],
        description="Choose what the parent takes back.",
    )
    scopes = AnyOf("Which part?", choices=_codes(ConsentScope), validate_choice=False)
    heard_from = ChoiceField(
        "Who says so?",
        choices=_codes(HeardFrom),
        default=HeardFrom.PARENT.value,
        description="Choose who says so.",
    )

    def validate_last_name(self, field: Any) -> None:
        if not (self.kept("first_name") or self.kept("last_name")):
            field.errors = [*field.errors, "Write the parent's name as the caller says it."]

    def chosen(self) -> frozenset[ConsentScope]:
        if self.what.data == EVERYTHING:
            return frozenset(ConsentScope)
        return frozenset(scope for scope in ConsentScope if scope.value in (self.scopes.data or ()))

    def command(self) -> WithdrawalCommand:
        first, last = self.kept("first_name") or "", self.kept("last_name") or ""
        heard_from, scopes = HeardFrom(self.heard_from.data), self.chosen()
        whole = scopes == frozenset(ConsentScope)
        taken_back = [scope.label for scope in ConsentScope if scope in scopes]
        words = [
            "A parent takes consent back. It was heard on the phone.",
            f"Name of the parent, as the caller said it: {first} {last}".rstrip(),
            f"Taken back: {'everything' if whole else '; '.join(taken_back)}",
            # Of a referral that nobody decided about the name alone does not always do.
            "Look at the consents of the family, and whether the referral is withdrawn: where the"
            " name was enough, it took effect at once. If you find it neither there nor there, find"
            " out whom it is about and see to it today.",
        ]
        return WithdrawalCommand(
            first_name=first,
            last_name=last,
            scopes=scopes,
            heard_from=heard_from,
            message=MessageCommand(
                text="\n".join(words),
                key=self.key(),
                caller=heard_from.label,
                phone=self.kept("phone"),
                may_leave_voicemail=self.may_leave_message(),
                safe_contact_note=self.kept("safe_contact_note"),
            ),
        )


_HEARD_FROM = {
    None: HeardFrom.PARENT,
    Caller.PARENT: HeardFrom.PARENT,
    Caller.WORKER: HeardFrom.REFERRER,
}


def known_of_caller(known: KnownCaller | None) -> dict[str, str]:
    """What the form of a message begins with after a call: nothing is typed twice."""
    if known is None:
        return {}
    name = f"{known.first_name} {known.last_name}".strip()
    who = known.caller.label if known.caller else None
    said = ", ".join(filter(None, (name, known.organisation, who)))
    return {"caller": said[:_LONGEST_NAME], **_known_of_reach(known)}


def known_of_parent(known: KnownCaller | None) -> dict[str, str]:
    """What the form of a withdrawal begins with after a call. The name is the parent's, so it is
    known only where the parent called."""
    if known is None:
        return {}
    heard_from = _HEARD_FROM.get(known.caller, HeardFrom.OTHER)
    values = {"heard_from": heard_from.value, **_known_of_reach(known)}
    if known.caller is Caller.PARENT:
        values |= {"first_name": known.first_name, "last_name": known.last_name}
    return values


def _known_of_reach(known: KnownCaller) -> dict[str, str]:
    return {
        "phone": known.phone,
        "may_leave_voicemail": {True: "yes", False: "no", None: ""}[known.may_leave_voicemail],
        "safe_contact_note": known.safe_contact_note,
    }


class CallFilterForm(Form):
    """Read from the address; changes nothing."""

    kind = SelectField("Kind", choices=[("", "Any"), *_codes(CallKind)])
    line = SelectField("Line", choices=[("", "Any"), *_codes(CallLine)])
    interpreter = SelectField(
        "Interpreter", choices=[("", "Any"), ("yes", "Through an interpreter")]
    )
