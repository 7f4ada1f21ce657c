"""The helpline: a call is taken while somebody speaks (REF-01)."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Role
from parents_partners.advocates.types import AssignmentState
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import Event
from parents_partners.core.reference import Setting
from parents_partners.intake.models import Call, CallNote, Draft
from parents_partners.intake.services import take_call
from parents_partners.intake.types import Caller, CallKind, CallLine, TakenCall
from parents_partners.referrals.models import Message
from tests.browser import Browser
from tests.factories import (
    NOW,
    make_assignment,
    make_call,
    make_filed_referral,
    make_referral,
    make_specialist,
    make_user,
)
from tests.journeys.intake import begin

Database = scoped_session[Session]
Browsers = Callable[[User | None], Browser]

REGISTER = "1-800-342-3720"


@pytest.fixture
def helper(session: Database) -> User:
    return make_user(Role.HELPLINE)


def calls_in(session: Database) -> int:
    return session.scalar(select(func.count(Call.id))) or 0


def test_the_first_page_of_the_helpline_is_its_calls(helper: User, browser_for: Browsers) -> None:
    page = browser_for(helper).open("/")
    assert page.heading == "Calls"
    assert page.follow("Take a call").heading == "Take a call"


@pytest.mark.parametrize("address", ["/calls", "/calls/new", "/search"])
def test_the_register_of_abuse_is_in_sight(
    address: str, helper: User, browser_for: Browsers
) -> None:
    page = browser_for(helper).open(address)
    assert "This line does not take reports of child abuse." in page
    assert REGISTER in page


@pytest.mark.parametrize("written", ["1-800-342-3720", "(800) 342-3720"])
def test_the_register_is_a_tap_away_however_its_number_is_written(
    session: Database, helper: User, browser_for: Browsers, written: str
) -> None:
    session.get_one(Setting, "scr_phone").value = written
    session.commit()
    assert browser_for(helper).open("/calls").links[written] == "tel:+18003423720"


def test_the_register_stays_in_sight_beside_what_a_search_found(
    helper: User, browser_for: Browsers
) -> None:
    make_filed_referral()
    page = browser_for(helper).send("/search", {"words": "marte"})
    assert "Known families" in page
    assert REGISTER in page
    supervisor = browser_for(make_user(Role.SUPERVISOR))
    assert REGISTER not in supervisor.open("/search")


def test_who_called_is_not_typed_again_for_another_message(
    session: Database, helper: User, browser_for: Browsers
) -> None:
    """S-22: and that the page shows who called is on record."""
    call = about_a_family(helper, caller=Caller.RELATIVE)
    page = browser_for(helper).open(f"/calls/{call.public_id}").follow("Leave another message")
    values = page.form("Leave the message").values
    assert values["caller"] == "Rosa Marte, A relative or friend"
    assert values["phone"] == "(347) 555-0144"
    assert values["may_leave_voicemail"] == "no"
    assert values["safe_contact_note"] == "Before 3 pm"
    read = session.scalars(select(AuditEvent).filter_by(event=Event.CALL_READ)).all()
    assert [event.detail["page"] for event in read] == ["intake.call", "intake.leave_message"]
    page.form("Leave the message").fill(text="The visit was moved.", caller="").submit()
    assert session.scalars(select(Message.caller)).all() == [None]


@pytest.mark.parametrize(
    ("caller", "typed"),
    [(Caller.PARENT, ("Rosa", "Marte", "parent")), (Caller.WORKER, ("", "", "referrer")),
     (Caller.RELATIVE, ("", "", "other")), (None, ("", "", "parent"))],
)  # fmt: skip
def test_a_withdrawal_has_the_parents_name_where_the_parent_called(
    caller: Caller | None, typed: tuple[str, str, str], helper: User, browser_for: Browsers
) -> None:
    call = about_a_family(helper, caller=caller)
    page = browser_for(helper).open(f"/calls/{call.public_id}")
    values = page.follow("A parent takes their consent back").form("Record the withdrawal").values
    assert values["phone"] == "(347) 555-0144"
    said = tuple(values.get(name, "") for name in ("first_name", "last_name", "heard_from"))
    assert said == typed


@pytest.mark.parametrize("known", ["", "x", "0" * 20, "\0", "of another family", "of a colleague"])
def test_a_message_tells_of_no_call_but_ones_own_about_this_family(
    known: str, helper: User, browser_for: Browsers
) -> None:
    call = about_a_family(helper, caller=Caller.PARENT)
    referral = call.referral
    if known == "of another family":
        referral, known = make_filed_referral(), call.public_id
    elif known == "of a colleague":
        call = about_a_family(make_user(Role.HELPLINE), caller=Caller.PARENT)
        referral, known = call.referral, call.public_id
    page = browser_for(helper).open(f"/referrals/{referral.public_id}/message?call={quote(known)}")
    values = page.form("Leave the message").values
    assert (values["caller"], values["phone"]) == ("", "")


def about_a_family(helper: User, *, caller: Caller | None) -> Call:
    """A call about a family that is known."""
    return make_call(
        helper,
        kind=CallKind.UPDATE,
        referral=make_filed_referral(),
        caller=caller,
        first_name="Rosa",
        last_name="Marte",
        phone="(347) 555-0144",
        may_leave_voicemail=False,
        safe_contact_note="Before 3 pm",
    )


def test_an_anonymous_call_is_noted_with_a_kind_alone(
    session: Database, helper: User, browser_for: Browsers
) -> None:
    browser = browser_for(helper)
    page = browser.open("/calls/new").form("Save the call")
    page = page.fill(kind="information_given").submit()
    assert "The call is noted." in page
    assert "No name given" in browser.open("/calls")


def test_a_second_press_and_a_reload_make_no_second_call(
    session: Database, helper: User, browser_for: Browsers
) -> None:
    form = browser_for(helper).open("/calls/new").form("Save the call")
    form.fill(kind="wrong_number").submit()
    form.submit()
    assert calls_in(session) == 1


def test_the_next_call_typed_over_the_last_one_is_not_lost(
    session: Database, helper: User, browser_for: Browsers
) -> None:
    """The back button gives the page of a call that is noted already (pitfall 2)."""
    form = browser_for(helper).open("/calls/new").form("Save the call")
    form.fill(kind="information_given", note="Asked what we do.").submit()
    page = form.fill(note="Asked where the office is.").submit(status=409)
    assert page.problems == [
        "You saved this call before, with other content, and it stays as it was. Change it on its"
        " own page, or save again to note what stands here as another call."
    ]
    page.form("Save the call").submit()
    said = session.scalars(select(CallNote.text).order_by(CallNote.call_id)).all()
    assert said == ["Asked what we do.", "Asked where the office is."]


@pytest.mark.parametrize(
    ("address", "button", "typed"),
    [
        ("message", "Leave the message", {"text": "She moved."}),
        (
            "withdrawal-heard",
            "Record the withdrawal",
            {"first_name": "Ann", "last_name": "Roe", "what": "everything"},
        ),
    ],
)
def test_a_second_press_leaves_one_message(
    address: str,
    button: str,
    typed: dict[str, str],
    session: Database,
    helper: User,
    browser_for: Browsers,
) -> None:
    """Pitfall 2."""
    page = browser_for(helper).open(f"/referrals/{make_referral().public_id}/{address}")
    form = page.form(button).fill(**typed)
    form.submit()
    form.submit()
    assert session.scalar(select(func.count(Message.id))) == 1


def test_a_colleague_who_calls_back_is_not_told_that_the_message_is_theirs(
    session: Database, helper: User, browser_for: Browsers
) -> None:
    taken = TakenCall(
        CallKind.CALL_BACK_WANTED, CallLine.HELPLINE, phone="(347) 555-0142", note="She moved."
    )
    referral = make_referral()
    call = take_call(
        taken, about=referral, submission_key="a" * 20, actor=helper.as_actor(), now=NOW
    )
    colleague = make_user(Role.HELPLINE)
    theirs = browser_for(colleague).open(f"/calls/{call.public_id}")
    assert "You left a message" not in theirs
    assert f"{helper.name} left a message about {referral.reference}" in theirs
    mine = browser_for(helper).open(f"/calls/{call.public_id}")
    assert f"You left a message about {referral.reference}" in mine


def test_a_refused_call_gives_back_all_that_was_typed(
    session: Database, helper: User, browser_for: Browsers
) -> None:
    form = browser_for(helper).open("/calls/new").form("Save the call")
    page = form.fill(note="She cried.", first_name="Ada", line="collect").submit(status=422)
    assert page.problems == ["Choose what the call is for."]
    values = page.form("Save the call").values
    assert (values["note"], values["first_name"], values["line"]) == (
        "She cried.",
        "Ada",
        "collect",
    )
    assert calls_in(session) == 0


def test_a_search_says_reference_match_and_status_and_keeps_what_was_typed(
    session: Database, helper: User, browser_for: Browsers
) -> None:
    referral = make_filed_referral()
    make_assignment(referral.case, state=AssignmentState.IN_CONTACT)
    form = browser_for(helper).open("/calls/new").form("Search")
    page = form.fill(about_name="marté LUZ", note="She moved.").submit()
    assert f"{referral.reference}: leave a message for the Family Specialist" in page
    assert "Matches: name" in page
    assert "Has a Family Specialist." in page
    assert "Yandel" not in page
    assert page.form("Save the call").values["note"] == "She moved."
    assert calls_in(session) == 0
    [event] = session.scalars(
        select(AuditEvent).where(AuditEvent.event == Event.FAMILIES_SEARCHED)
    ).all()
    assert "Luz" not in str(event.detail)


def test_enter_searches_since_that_is_the_first_button(helper: User, browser_for: Browsers) -> None:
    """Half a call is never saved by accident."""
    page = browser_for(helper).open("/calls/new")
    form = next(one for one in page.root.iter("form") if one.get("action") == "/calls/new")
    first = next(one for one in form.iter("button") if one.get("type") == "submit")
    assert (first.get("name"), first.get("value")) == ("go", "search")


def test_an_update_reaches_the_specialist_who_says_that_it_was_seen(
    session: Database, helper: User, browser_for: Browsers
) -> None:
    referral = make_filed_referral()
    specialist = make_specialist()
    make_assignment(referral.case, specialist)
    browser = browser_for(helper)
    page = browser.open("/calls/new").form("Search").fill(about_name="Luz Marte").submit()
    form = page.form("Save the call")
    form.fill(referral=referral.public_id, kind="update", note="The visit was moved.").submit()
    assert "Not seen yet" in browser.open("/calls")
    today = browser_for(specialist).open("/today")
    assert "The visit was moved." in today
    assert "1 message from the helpline" in today
    today.form("Mark as seen the message about " + referral.reference).submit()
    assert "The visit was moved." not in browser_for(specialist).open("/today")
    assert "seen by a Family Specialist" in browser.open("/calls")
    assert "Seen by" in browser_for(specialist).open(f"/families/{referral.case.public_id}")


def test_a_parents_call_becomes_a_referral_and_nothing_is_typed_again(
    session: Database, helper: User, browser_for: Browsers
) -> None:
    browser = browser_for(helper)
    form = browser.open("/calls/new").form("Save and start the referral")
    form.fill(
        kind="wants_referral",
        about_name="Ida Solano",
        about_phone="(347) 555-0142",
        is_searched=True,
        note="Her son was placed.",
    )
    page = form.submit()
    assert "What was said stands in the referral already." in page
    address = page.path.replace("before-you-refer", "parents")
    values = browser.open(address).form("Save and continue").values
    assert values["parents-0-first_name"] == "Ida"
    assert values["parents-0-phone"] == "(347) 555-0142"
    call = session.scalars(select(Call)).one()
    assert "not sent yet" in browser.open(f"/calls/{call.public_id}")


def test_a_parent_whom_a_caller_spoke_of_is_not_typed_again_however_the_call_is_saved(
    session: Database, helper: User, browser_for: Browsers
) -> None:
    browser = browser_for(helper)
    form = browser.open("/calls/new").form("Save the call").fill(kind="wants_referral")
    form.fill(caller="relative", about_name="Solano, Ida", about_phone="(347) 555-0142")
    page = form.submit()
    assert "Go on with the referral" in page
    draft = session.scalars(select(Draft)).one()
    values = browser.open(f"/drafts/{draft.public_id}/parents").form("Save and continue").values
    said = [values[f"parents-0-{name}"] for name in ("first_name", "last_name", "phone")]
    assert said == ["Ida", "Solano", "(347) 555-0142"]


def test_the_register_stays_in_sight_while_a_caller_dictates_a_referral(
    helper: User, browser_for: Browsers
) -> None:
    page = begin(browser_for(helper))
    assert REGISTER in page
    assert REGISTER in page.browser.open(page.path.replace("before-you-refer", "check"))
    assert REGISTER not in begin(browser_for(make_user(Role.REFERRER)))


def test_what_was_found_stays_when_the_choice_was_forgotten(
    helper: User, browser_for: Browsers
) -> None:
    referral = make_filed_referral()
    form = browser_for(helper).open("/calls/new").form("Search").fill(about_name="Luz Marte")
    form = form.submit().form("Save the call").fill(kind="update", note="She moved.")
    page = form.submit(status=422)
    assert page.problems == [
        "Search for the family and choose what was found. If nothing is found, choose another kind"
        " of call."
    ]
    page = page.form("Save the call").fill(referral=referral.public_id).submit()
    assert "your message is left" in page


def test_who_chose_a_family_has_said_what_the_call_is_for(
    session: Database, helper: User, browser_for: Browsers
) -> None:
    referral = make_filed_referral()
    form = browser_for(helper).open("/calls/new").form("Search").fill(about_name="Luz Marte")
    form = form.submit().form("Save the call")
    form.fill(referral=referral.public_id, note="She moved.").submit()
    assert session.scalars(select(Call.kind)).one() is CallKind.UPDATE


def test_a_search_that_cannot_be_read_says_why_beside_the_button(
    helper: User, browser_for: Browsers
) -> None:
    form = browser_for(helper).open("/calls/new").form("Search").fill(about_name="x" * 300)
    page = form.submit(status=422)
    assert "Type something to search for first." not in page
    assert page.text.count("The name is 300 characters long") == 3  # on top, at the field, below


def test_a_call_back_is_asked_for_later_with_a_number(helper: User, browser_for: Browsers) -> None:
    call = make_call(helper, phone=None)
    form = browser_for(helper).open(f"/calls/{call.public_id}").form("Save the change")
    page = form.fill(kind="call_back_wanted").submit(status=422)
    assert page.problems == ["Write the number, in digits, at which they want to be called back."]
    page.form("Save the change").fill(phone="(347) 555-0142").submit()
    assert "(347) 555-0142" in browser_for(helper).open("/calls")


def test_the_second_who_calls_back_is_told_who_was_quicker(
    helper: User, browser_for: Browsers
) -> None:
    make_call(helper, kind=CallKind.CALL_BACK_WANTED)
    colleague = make_user(Role.HELPLINE)
    mine, theirs = browser_for(helper).open("/calls"), browser_for(colleague).open("/calls")
    assert "Luz Roe" in theirs
    mine.form("Reached Luz Roe").submit()
    page = theirs.form("Nobody answered Luz Roe").submit(status=409)
    assert helper.name in page


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-Hant", "Chinese (traditional)"), ("zh", "zh (not in the list)"), (None, "Not given")],
)
@pytest.mark.parametrize("through_interpreter", [True, False])
def test_the_language_of_a_call_is_read_in_words(
    language: str | None,
    words: str,
    through_interpreter: bool,
    helper: User,
    browser_for: Browsers,
) -> None:
    call = make_call(helper, language=language, through_interpreter=through_interpreter)
    browser = browser_for(helper)
    assert words in browser.open(f"/calls/{call.public_id}")
    if language:
        assert words in browser.open("/calls")


def test_a_second_press_of_ones_own_is_no_news_of_somebody_else(
    helper: User, browser_for: Browsers
) -> None:
    make_call(helper, kind=CallKind.CALL_BACK_WANTED)
    form = browser_for(helper).open("/calls").form("Reached Luz Roe")
    form.submit()
    page = form.submit(status=409)
    assert page.heading == "You did this already"
    assert "It was you, on" in page
    assert "This call-back is done with." in page
    assert f"It was {helper.name}" not in page


def test_a_withdrawal_is_answered_in_the_same_words_for_any_name(
    session: Database, helper: User, browser_for: Browsers
) -> None:
    """ADV-05."""
    answers = set()
    for first_name in ("Luz", "Ann"):
        referral = make_filed_referral()
        page = browser_for(helper).open(f"/referrals/{referral.public_id}/withdrawal-heard")
        form = page.form("Record the withdrawal")
        page = form.fill(first_name=first_name, last_name="Marte", what="everything").submit()
        answers.add(page.text.split("Take a call")[0])
    assert len(answers) == 1
    assert session.scalar(select(func.count(Message.id))) == 2


def test_nobody_is_told_that_a_withdrawal_took_effect_where_it_did_not(
    helper: User, browser_for: Browsers
) -> None:
    """ADV-05: a part, of a referral that nobody decided about, is for the supervisors to judge."""
    referral = make_referral()
    page = browser_for(helper).open(f"/referrals/{referral.public_id}/withdrawal-heard")
    form = page.form("Record the withdrawal").fill(first_name="Luz", last_name="Marte")
    page = form.fill(what="part", scopes=["support"]).submit()
    assert "Where the name was enough, it took effect at once." in page
    assert "If the name is that of one parent" not in page
    supervisor = browser_for(make_user(Role.SUPERVISOR))
    triage = supervisor.open(f"/triage/referrals/{referral.public_id}")
    assert "Taken back: Support by a Family Specialist" in triage
    assert "If you find it neither there nor there" in triage
    assert "the withdrawal is on record already" not in triage


def test_a_call_that_was_changed_meanwhile_shows_both_texts(
    helper: User, browser_for: Browsers
) -> None:
    call = make_call(helper, note="First.")
    browser = browser_for(helper)
    address = f"/calls/{call.public_id}"
    stale = browser.open(address).form("Save the change")
    browser.open(address).form("Save the change").fill(note="Second.").submit()
    page = stale.fill(note="Third.").submit(status=409)
    assert "Second." in page
    assert page.form("Save the change").values["note"] == "Third."


def test_who_takes_the_call_back_off_a_colleagues_call_is_not_shown_a_page_that_is_gone(
    helper: User, browser_for: Browsers
) -> None:
    """It is the taker's alone from then on."""
    call = make_call(make_user(Role.HELPLINE), kind=CallKind.CALL_BACK_WANTED)
    form = browser_for(helper).open(f"/calls/{call.public_id}").form("Save the change")
    page = form.fill(kind="information_given").submit()
    assert "The change is noted." in page
    assert page.heading == "Calls"
