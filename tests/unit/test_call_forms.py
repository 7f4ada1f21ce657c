"""The fields of a call to the helpline, of a message and of a withdrawal that was heard: what is
typed becomes a command, and nothing but the kind is needed (REF-01, ADV-05)."""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from parents_partners.cases.types import ConsentScope, HeardFrom
from parents_partners.core.forms import problems_of
from parents_partners.intake.forms.call import (
    ChangeCallForm,
    HeardWithdrawalForm,
    MessageForm,
    TakeCallForm,
    name_in_parts,
)
from parents_partners.intake.types import Caller, CallKind, CallLine

LANGUAGES = [("es", "Spanish"), ("zh-Hant", "Chinese (traditional)")]


@pytest.fixture(autouse=True)
def asked() -> Iterator[None]:
    """Forms that carry a token ask for a request; of the product there is nothing else here."""
    app = Flask(__name__)
    app.config |= {"SECRET_KEY": "x", "WTF_CSRF_ENABLED": False}
    with app.test_request_context(method="POST"):
        yield


def take(**typed: str) -> TakeCallForm:
    return TakeCallForm(LANGUAGES, formdata=MultiDict({"kind": "information_given", **typed}))


@pytest.mark.parametrize("typed", ["three four seven", "0161"])
def test_a_part_of_a_phone_is_not_searched_for(typed: str) -> None:
    """It would be said of a family that we have that it is not known."""
    form = take(about_name="Marte", about_phone=typed)
    assert form.searched() == {"name": "Marte"}
    assert form.has_part_of_a_phone()
    assert not take(about_phone="347 555 0161").has_part_of_a_phone()
    assert not take(about_name="Marte").has_part_of_a_phone()


def test_what_is_wrong_with_a_call_is_listed_in_the_order_of_the_page() -> None:
    long = "x" * 6000
    names = ("phone", "safe_contact_note", "first_name", "handed_to", "note", "case_number")
    form = take(**dict.fromkeys(names, long), kind="")
    assert not form.validate()
    assert [problem.anchor for problem in problems_of(form)] == [
        "case_number",
        "note",
        "kind",
        "handed_to",
        "first_name",
        "phone",
        "safe_contact_note",
    ]


def heard(*scopes: str, **typed: str) -> HeardWithdrawalForm:
    pairs = {"first_name": "Luz", "last_name": "Marte", "what": "everything", **typed}
    return HeardWithdrawalForm(
        formdata=MultiDict([*pairs.items(), *(("scopes", scope) for scope in scopes)])
    )


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("Luz Marte", ("Luz", "Marte")),
        ("Marte, Luz", ("Luz", "Marte")),
        ("Ana María Gutiérrez", ("Ana María", "Gutiérrez")),
        ("Marte", ("", "Marte")),
        ("Marte,", ("", "Marte")),
        (", Luz", None),
        ("", None),
    ],
)
def test_a_name_in_one_line_comes_apart(typed: str, parts: tuple[str, str] | None) -> None:
    assert name_in_parts(typed) == parts


def test_a_kind_alone_is_a_call() -> None:
    form = take()
    assert form.validate()
    command = form.command()
    assert (command.kind, command.line) == (CallKind.INFORMATION_GIVEN, CallLine.HELPLINE)
    said = (command.caller, command.name, command.phone, command.language, command.family)
    assert said == (None, "", None, None, None)


def test_without_a_kind_there_is_no_call() -> None:
    form = take(kind="")
    assert not form.validate()
    assert form.errors == {"kind": ["Choose what the call is for."]}


def test_who_chose_a_family_need_not_say_what_the_call_is_for() -> None:
    form = take(kind="", referral="a" * 20)
    assert form.validate()
    assert form.command().kind is CallKind.UPDATE


def test_a_kind_that_was_chosen_stays_when_a_family_is_chosen() -> None:
    form = take(kind="call_back_wanted", referral="a" * 20)
    assert form.validate()
    assert form.command().kind is CallKind.CALL_BACK_WANTED


def test_the_searched_name_is_the_callers_where_that_is_ticked() -> None:
    command = take(is_searched="y", about_name="Marte, Luz", about_phone="347 555 0142").command()
    assert (command.first_name, command.last_name, command.phone) == (
        "Luz",
        "Marte",
        "347 555 0142",
    )
    assert command.caller is Caller.PARENT


def test_a_name_of_the_callers_own_is_not_overwritten_by_the_searched_one() -> None:
    command = take(
        is_searched="y", about_name="Marte, Luz", first_name="Ida", phone="347 555 0177"
    ).command()
    assert (command.first_name, command.last_name, command.phone) == ("Ida", None, "347 555 0177")


def test_who_was_searched_for_stays_apart_from_who_calls() -> None:
    command = take(caller="relative", about_name="Luz Marte", about_phone="347 555 0142").command()
    assert (command.name, command.phone) == ("", None)
    assert (command.family, command.family_phone) == (("Luz", "Marte"), "347 555 0142")


@pytest.mark.parametrize(
    ("typed", "searched"),
    [
        ({"case_number": " S 12 "}, {"number": "S 12"}),
        ({"about_name": "Luz", "first_name": "Ida"}, {"name": "Luz"}),
        ({"about_phone": "555 0142", "last_name": "Roe"}, {"phone": "555 0142"}),
        ({"first_name": "Ida", "last_name": "Roe"}, {"name": "Ida Roe"}),
        ({"phone": "555 0177"}, {"phone": "555 0177"}),
        ({"about_name": "   "}, {}),
    ],
)
def test_the_family_is_searched_for_and_else_the_caller(
    typed: dict[str, str], searched: dict[str, str]
) -> None:
    assert take(**typed).searched() == searched


@pytest.mark.parametrize("typed", ["", "A" * 20, "a" * 19, "a" * 20 + "\n", "'; drop table call"])
def test_a_key_that_was_tampered_with_is_none(typed: str) -> None:
    assert take(submission_key=typed).key() is None


def test_a_language_and_a_caller_off_the_list_are_not_said() -> None:
    form = take(language="tlh", caller="martian")
    assert (form.command().language, form.command().caller) == (None, None)
    assert take(language="es").command().language == "es"


@pytest.mark.parametrize(("typed", "may"), [("yes", True), ("no", False), ("", None), ("x", None)])
def test_leaving_a_message_is_allowed_forbidden_or_not_said(typed: str, may: bool | None) -> None:
    assert take(may_leave_voicemail=typed).command().may_leave_voicemail is may


@pytest.mark.parametrize(
    ("name", "longest"),
    [("about_name", 200), ("first_name", 200), ("phone", 40), ("case_number", 40), ("note", 5000)],
)
def test_a_text_may_be_as_long_as_it_is_kept_and_no_longer(name: str, longest: int) -> None:
    assert take(**{name: "5" * longest}).validate()
    form = take(**{name: "5" * (longest + 1)})
    assert not form.validate()
    assert f"{longest:,} characters are allowed" in form.errors[name][0]


def test_a_change_takes_the_number_to_call_back() -> None:
    typed = {"kind": "call_back_wanted", "phone": " 347 555 0142 ", "version": "2", "note": ""}
    changed = ChangeCallForm(formdata=MultiDict(typed)).command()
    assert (changed.kind, changed.phone) == (CallKind.CALL_BACK_WANTED, "347 555 0142")
    assert (changed.version, changed.note) == (2, "")


def test_a_message_says_how_its_caller_is_reached() -> None:
    typed = {"text": "She moved.", "caller": " ", "phone": "1", "may_leave_voicemail": "no"}
    command = MessageForm(formdata=MultiDict(typed)).command()
    assert (command.text, command.caller, command.phone) == ("She moved.", None, "1")
    assert command.may_leave_voicemail is False


def test_everything_is_taken_back_whatever_part_was_ticked_before() -> None:
    """ADV-05."""
    command = heard(ConsentScope.SUPPORT.value).command()
    assert command.scopes == frozenset(ConsentScope)
    assert "Taken back: everything" in command.message.text


def test_a_part_that_is_taken_back_is_named_and_unknown_ones_are_none() -> None:
    """ADV-05."""
    scope = ConsentScope.ATTEND_MEETINGS
    command = heard(scope.value, "the_moon", what="part").command()
    assert command.scopes == {scope}
    assert f"Taken back: {scope.label}" in command.message.text
    assert heard(what="part").command().scopes == frozenset()


def test_the_message_of_a_withdrawal_says_the_name_as_it_was_said() -> None:
    """ADV-05: the same words for any name."""
    text = heard(last_name="").command().message.text
    assert "as the caller said it: Luz\n" in text
    assert text == heard(last_name="Roe").command().message.text.replace("Luz Roe", "Luz")


def test_a_withdrawal_needs_a_name_and_what_is_taken_back() -> None:
    form = heard(first_name=" ", last_name="", what="")
    assert not form.validate()
    assert form.errors == {
        "last_name": ["Write the parent's name as the caller says it."],
        "what": ["Choose what the parent takes back."],
    }


def test_a_withdrawal_is_taken_for_the_parents_own_word_at_first() -> None:
    assert HeardWithdrawalForm(formdata=None).heard_from.data == HeardFrom.PARENT.value
