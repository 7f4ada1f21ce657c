"""What a referrer, and whoever else may, reads and does on a referral's page."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Role
from parents_partners.advocates.types import AssignmentState
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import Event
from parents_partners.cases.models import Consent
from parents_partners.referrals import services
from parents_partners.referrals.models import Referral
from parents_partners.referrals.types import Channel
from tests.browser import Browser
from tests.documents import referral_document
from tests.factories import (
    NOW,
    make_activity,
    make_assignment,
    make_filed_referral,
    make_referral,
    make_specialist,
    make_user,
)
from tests.journeys.intake import CASE, STEPS, begin, go_through

Database = scoped_session[Session]
OpenBrowser = Callable[[User | None], Browser]


@pytest.fixture
def referrer(session: Database) -> User:
    return make_user(Role.REFERRER)


@pytest.fixture
def supervisor(session: Database) -> User:
    return make_user(Role.SUPERVISOR, name="Ana Ruiz")


def address_of(referral: Referral) -> str:
    return f"/referrals/{referral.public_id}"


def asked(referral: Referral, supervisor: User) -> Referral:
    services.ask(referral, "Which number is right?", actor=supervisor.as_actor(), now=NOW)
    return referral


def filed_for_two(referrer: User) -> Referral:
    document = referral_document()
    plain = document["parents"][0]
    document["parents"].append(plain | {"first_name": "Rafael", "relationship": "father"})
    return make_filed_referral(document, referrer=referrer)


# The list


def test_a_referrer_finds_what_became_of_a_referral_without_a_call(
    browser_for: OpenBrowser, referrer: User
) -> None:
    """REF-07."""
    filed = make_filed_referral(referrer=referrer, case__name="Rivera, Ana")
    rosa = make_specialist(user=make_user(Role.SPECIALIST, name="Rosa Tavarez"))
    make_assignment(filed.case, rosa, state=AssignmentState.ACCEPTED)
    page = browser_for(referrer).open("/referrals")
    assert page.rows == [
        [
            f"Rivera, Ana {filed.reference}",
            "Fri, Nov 20, 2026",
            "Assigned to Rosa Tavarez",
            "Family Team Conference (FTC) Wed, Nov 25, 2026, 10:00 AM",
        ]
    ]
    page = page.follow("Rivera, Ana")
    assert page.heading == "Rivera, Ana"
    assert "Assigned to Rosa Tavarez" in page


def test_an_empty_list_says_what_will_stand_there(browser_for: OpenBrowser, referrer: User) -> None:
    page = browser_for(referrer).open("/referrals")
    assert "No open referrals" in page
    assert "Make a referral" in page.links


def test_closed_referrals_are_shown_when_asked_for(
    browser_for: OpenBrowser, referrer: User, supervisor: User
) -> None:
    referral = make_referral(referrer=referrer)
    services.decline(referral, "other", actor=supervisor.as_actor(), now=NOW)
    page = browser_for(referrer).open("/referrals")
    assert page.rows == []
    page = page.form("Apply").fill(Show="Closed").submit()
    assert page.rows[0][2] == "Declined: we cannot take this referral"


@pytest.mark.parametrize("address", ["?shown=nonsense", "?after=nonsense", "?shown=all&after=W10"])
def test_an_address_that_somebody_changed_still_gives_the_list(
    browser_for: OpenBrowser, referrer: User, address: str
) -> None:
    make_referral(referrer=referrer)
    assert len(browser_for(referrer).open(f"/referrals{address}").rows) == 1


# The page


def test_everything_that_was_submitted_stands_on_the_page(
    browser_for: OpenBrowser, referrer: User
) -> None:
    page = browser_for(referrer).open(address_of(make_referral(referrer=referrer)))
    for words in (
        "Denise Okafor-Reyes, Case Planner",
        "Given, in Spanish",
        "Luz Marte",
        "Support by a Family Specialist",
        "(347) 555-0161",
        "S-012345-6",
        "The Bronx",
        "Yandel Marte",
        "Born Thu, Nov 10, 2016",
        "Placed Fri, Nov 6, 2026, 3:15 AM",
        "Family Team Conference (FTC)",
        "Room B",
        "First visit was warm.",
        "The parent has difficulty navigating the child welfare system",
    ):
        assert words in page, words


def test_of_a_parent_who_declined_only_the_answer_stands_there(
    browser_for: OpenBrowser, referrer: User
) -> None:
    """REF-03."""
    document = referral_document()
    document["parents"].append(
        {"first_name": "Canary", "relationship": "father", "agreement": {"answer": "declined"}}
    )
    page = browser_for(referrer).open(address_of(make_referral(document, referrer=referrer)))
    assert "Declined" in page
    assert "nobody contacts them" in page
    assert "Canary" not in page.source


def test_a_number_on_which_no_message_may_be_left_says_so(
    browser_for: OpenBrowser, referrer: User
) -> None:
    referral = make_referral(
        referral_document(parents__0__safe_contact={"voicemail": False}), referrer=referrer
    )
    assert "(347) 555-0161 Leave no message" in browser_for(referrer).open(address_of(referral))


def test_what_was_assumed_is_stated(browser_for: OpenBrowser, referrer: User) -> None:
    referral = make_referral(referrer=referrer)
    referral.submission.notes = [{"path": "children[0]", "message": "1:30 AM comes twice."}]
    page = browser_for(referrer).open(address_of(referral))
    assert "What we assumed 1:30 AM comes twice." in page


@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>", "=1+1", "N" * 200, "الهاشمي", "👩‍👧 Ana", "{{ 7*7 }}"]
)
def test_a_name_is_shown_as_typed(browser_for: OpenBrowser, referrer: User, typed: str) -> None:
    referral = make_referral(
        referral_document(case__name=typed, parents__0__first_name=typed), referrer=referrer
    )
    browser = browser_for(referrer)
    assert browser.open(address_of(referral)).heading == typed
    assert typed in browser.open("/referrals")


def test_no_word_of_the_specialist_reaches_the_referrer(
    browser_for: OpenBrowser, referrer: User
) -> None:
    """REF-07: never the notes, and not what else is known of the family."""
    referral = make_filed_referral(referrer=referrer)
    stint = make_assignment(referral.case, state=AssignmentState.IN_CONTACT)
    make_activity(stint, note="Canary note")
    person = stint.parents[0].person
    person.first_name = "Canary name"
    page = browser_for(referrer).open(address_of(referral))
    assert "First contact made" in page
    assert "Canary" not in page.source


def test_each_reading_is_written_down(
    browser_for: OpenBrowser, session: Database, referrer: User, supervisor: User
) -> None:
    """S-22, for referrers too."""
    referral = make_referral(referrer=referrer)
    for reader in (referrer, supervisor, referrer):
        browser_for(reader).open(address_of(referral))
    readers = session.scalars(
        select(AuditEvent.actor_id)
        .where(AuditEvent.event == Event.REFERRAL_READ, AuditEvent.referral_id == referral.id)
        .order_by(AuditEvent.id)
    ).all()
    assert readers == [referrer.id, supervisor.id, referrer.id]


def test_a_foreign_referral_looks_like_none(
    browser_for: OpenBrowser, session: Database, referrer: User
) -> None:
    foreign = make_referral()
    browser = browser_for(referrer)
    for path in ("", "/answer", "/withdraw"):
        method = "POST" if path else "GET"
        answers = [
            browser.request(method, f"/referrals/{one}{path}", data={"csrf_token": browser.token()})
            for one in (foreign.public_id, "0" * 20)
        ]
        assert [answer.status_code for answer in answers] == [404, 404]
    events = session.scalars(select(AuditEvent.event)).all()
    assert Event.REFERRAL_READ not in events


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR])
def test_who_never_reads_referrals_is_told_so(
    browser_for: OpenBrowser, session: Database, role: Role
) -> None:
    browser_for(make_user(role)).open(address_of(make_referral()), status=403)


# Questions


def test_a_referrer_answers_a_question(
    browser_for: OpenBrowser, session: Database, referrer: User, supervisor: User
) -> None:
    referral = asked(make_referral(referrer=referrer), supervisor)
    browser = browser_for(referrer)
    page = browser.open("/referrals")
    assert page.rows[0][2] == "Question asked"
    page = page.follow(referral.case_name)
    assert "Which number is right?" in page
    assert "Ana Ruiz" not in page
    page = page.form("Send the answer").fill({"Your answer": "The first."}).submit()
    assert "Your answer was sent" in page
    assert "The first." in page
    assert "Send the answer" not in page.buttons


def test_a_question_waits_where_the_referrer_s_day_begins(
    browser_for: OpenBrowser, session: Database, referrer: User, supervisor: User
) -> None:
    other_agency = asked(make_referral(case__name="Okoro, Ada"), supervisor)
    page = browser_for(referrer).open("/")
    assert "waits for your answer" not in page
    referral = asked(make_referral(referrer=referrer), supervisor)
    page = browser_for(referrer).open("/")
    assert other_agency.reference not in page
    page = page.follow(referral.case_name)
    page.form("Send the answer").fill({"Your answer": "The first."}).submit()
    assert "waits for your answer" not in browser_for(referrer).open("/")


def test_helpline_staff_are_asked_about_their_own_and_no_agency_s_referrals(
    browser_for: OpenBrowser, session: Database, referrer: User, supervisor: User
) -> None:
    agency_s = asked(make_referral(referrer=referrer), supervisor)
    staff = make_user(Role.HELPLINE)
    own = asked(make_referral(referrer=staff, channel="helpline"), supervisor)
    page = browser_for(staff).open("/")
    assert own.reference in page
    assert agency_s.reference not in page


def test_a_supervisor_answers_what_a_colleague_asks_about_their_own_referral(
    browser_for: OpenBrowser, session: Database, referrer: User, supervisor: User
) -> None:
    agency_s = asked(make_referral(referrer=referrer), supervisor)
    colleague = make_user(Role.SUPERVISOR)
    browser = browser_for(colleague)
    steps = [{**typed, "case-agency": "Harborview"} if typed is CASE else typed for typed in STEPS]
    page = go_through(begin(browser), *steps).form("Send the referral").submit()
    assert "list of referrals" not in page
    own = session.scalars(select(Referral).order_by(Referral.id.desc()).limit(1)).one()
    assert own.channel is Channel.HELPLINE
    asked(own, supervisor)
    page = browser.open("/drafts")
    assert agency_s.reference not in page
    page = page.follow(own.case_name).form("Send the answer").fill(text="The first.").submit()
    assert "Your answer was sent" in page
    assert "Send the answer" not in browser_for(colleague).open(address_of(agency_s)).buttons


def test_what_was_left_out_is_said_to_be_not_given(
    browser_for: OpenBrowser, referrer: User
) -> None:
    referral = make_referral(
        referrer=referrer, case__borough=None, parents__0__preferred_language=None
    )
    page = browser_for(referrer).open(address_of(referral))
    assert "Borough Not given" in page.text
    assert "Language Not given" in page.text


@pytest.mark.parametrize(
    ("typed", "words"), [("  ", "Write your answer."), ("x" * 2001, "2,000"), ("a\u202eb", "turns")]
)
def test_an_answer_that_cannot_be_kept_is_given_back(
    browser_for: OpenBrowser,
    session: Database,
    referrer: User,
    supervisor: User,
    typed: str,
    words: str,
) -> None:
    referral = asked(make_referral(referrer=referrer), supervisor)
    page = browser_for(referrer).open(address_of(referral))
    page = page.form("Send the answer").fill(text=typed).submit(status=422)
    assert words in page.problems[0]
    assert page.form("Send the answer").values["text"] == typed
    session.expire_all()
    assert referral.questions[0].answer is None


def test_an_answer_that_comes_too_late_is_not_lost(
    browser_for: OpenBrowser, session: Database, referrer: User, supervisor: User
) -> None:
    referral = asked(make_referral(referrer=referrer), supervisor)
    page = browser_for(referrer).open(address_of(referral))
    services.answer(referral, "By a colleague.", actor=referrer.as_actor(), now=NOW)
    page = page.form("Send the answer").fill(text="What I typed").submit(status=409)
    assert page.problems == ["This question was already answered."]
    assert "What I typed" in page


def test_the_helpline_does_not_answer_for_an_agency(
    browser_for: OpenBrowser, session: Database, supervisor: User
) -> None:
    referral = asked(make_referral(), supervisor)
    browser = browser_for(make_user(Role.HELPLINE))
    assert "Send the answer" not in browser.open(address_of(referral)).buttons
    browser.send(f"{address_of(referral)}/answer", {"text": "The first."}, status=403)


def test_the_helpline_answers_for_a_parent_who_wrote_themself(
    browser_for: OpenBrowser, session: Database, supervisor: User
) -> None:
    document = referral_document(channel="self")
    del document["referrer"], document["programme_discussed"]
    referral = asked(make_referral(document), supervisor)
    page = browser_for(make_user(Role.HELPLINE)).open(address_of(referral))
    assert "Your answer was sent" in page.form("Send the answer").fill(text="Yes").submit()


# Withdrawal


def test_a_referrer_records_that_the_parent_withdrew(
    browser_for: OpenBrowser, session: Database, referrer: User
) -> None:
    """ADV-05."""
    referral = make_referral(referrer=referrer)
    page = browser_for(referrer).open(address_of(referral))
    page = page.form("Record the withdrawal").submit()
    assert "The withdrawal is on record" in page
    assert "Closed" in page
    assert "Record the withdrawal" not in page.buttons


def test_what_a_parent_withdrew_by_phone_is_closed_for_the_agency_and_withdrawn_for_colleagues(
    browser_for: OpenBrowser, session: Database, referrer: User, supervisor: User
) -> None:
    """REF-07, ADV-05."""
    referral, helper = make_referral(referrer=referrer), make_user(Role.HELPLINE)
    services.withdraw(referral, actor=helper.as_actor(), now=NOW)
    page = browser_for(referrer).open(address_of(referral))
    assert "Closed" in page
    assert "withdrawn" not in page.text.lower()
    assert "no longer wants" not in page
    assert helper.name not in page
    for_colleagues = browser_for(supervisor).open(address_of(referral))
    assert f"Decision: withdrawn by {helper.name}" in for_colleagues


def test_after_the_withdrawal_of_a_filed_referral_the_referrer_reads_closed_and_no_more(
    browser_for: OpenBrowser, session: Database, referrer: User
) -> None:
    """REF-07."""
    referral = make_filed_referral(referrer=referrer)
    make_assignment(referral.case, state=AssignmentState.IN_CONTACT)
    page = browser_for(referrer).open(address_of(referral))
    page = page.form("Record the withdrawal").submit()
    assert "Where it stands Closed" in page
    assert "Nobody of the programme contacts this parent any more" in page
    assert "shared with the agency" not in page
    page = browser_for(referrer).open("/referrals?shown=closed")
    assert page.rows[0][2] == "Closed"


def test_of_two_parents_the_one_who_withdrew_is_chosen(
    browser_for: OpenBrowser, session: Database, referrer: User
) -> None:
    referral = filed_for_two(referrer)
    page = browser_for(referrer).open(address_of(referral))
    page = page.form("Record the withdrawal").submit(status=422)
    assert page.problems == ["Choose who withdrew."]
    page.form("Record the withdrawal").fill({"Who withdrew": ["Rafael Marte"]}).submit()
    session.expire_all()
    left = session.scalars(select(Consent).where(Consent.withdrawn_at.is_(None))).all()
    assert {consent.person.first_name for consent in left} == {"Luz"}


def test_whom_nobody_may_contact_any_more_has_no_number_to_tap(
    browser_for: OpenBrowser, session: Database, referrer: User, supervisor: User
) -> None:
    """ADV-05: the other parent's support goes on, so the page is opened still."""
    document = referral_document()
    plain = document["parents"][0]
    for other in (
        {"first_name": "Nia", "agreement": {"answer": "declined"}},
        {"first_name": "Rafael", "phone": "(347) 555-0162", "email": "rafael@example.org"},
    ):
        document["parents"].insert(0, plain | {"relationship": "father"} | other)
    referral = make_filed_referral(document, referrer=referrer)
    services.withdraw(referral, actor=supervisor.as_actor(), now=NOW, positions={0})
    page = browser_for(supervisor).open(address_of(referral))
    assert page.text.count("Do not contact") == 1
    assert "555-0162" not in page
    assert "rafael@example.org" not in page
    assert "555-0161" in page, "Luz wants to be called."
    for_agency = browser_for(referrer).open(address_of(referral))
    assert "Do not contact" not in for_agency, "Which of them withdrew is not the agency's."
    assert "555-0162" in for_agency


def test_of_a_referral_that_was_withdrawn_before_a_decision_nobody_is_called(
    browser_for: OpenBrowser, session: Database, referrer: User, supervisor: User
) -> None:
    """ADV-05."""
    referral = make_referral(referrer=referrer)
    services.withdraw(referral, actor=supervisor.as_actor(), now=NOW)
    page = browser_for(supervisor).open(address_of(referral))
    assert "Do not contact" in page
    assert "555-0161" not in page
    assert "555-0161" in browser_for(referrer).open(address_of(referral))


@pytest.mark.parametrize("chosen", ["7", "-1", "nonsense"])
def test_nobody_who_is_not_on_the_referral_can_be_chosen(
    browser_for: OpenBrowser, session: Database, referrer: User, chosen: str
) -> None:
    referral = filed_for_two(referrer)
    page = browser_for(referrer).send(
        f"{address_of(referral)}/withdraw", {"parents": chosen}, status=422
    )
    assert page.problems == ["Choose who withdrew."]
    session.expire_all()
    assert all(one.withdrawn_at is None for one in session.scalars(select(Consent)))


def test_staff_of_the_programme_read_what_a_withdrawal_stops(
    browser_for: OpenBrowser, session: Database, supervisor: User
) -> None:
    page = browser_for(supervisor).open(address_of(make_filed_referral()))
    page = page.form("Record the withdrawal").submit()
    assert "All contact with this parent stops" in page


def test_colleagues_read_what_was_decided_and_the_agency_does_not(
    session: Database, browser_for: OpenBrowser, referrer: User, supervisor: User
) -> None:
    """REF-07: that another referral came first is not the agency's to know."""
    first = make_referral()
    second = make_referral(sender=referrer.organisation, referrer=referrer)
    services.mark_duplicate(second, first, actor=supervisor.as_actor(), now=NOW)
    address = f"/referrals/{second.public_id}"
    assert "Decision: duplicate" in browser_for(supervisor).open(address)
    assert "duplicate" not in browser_for(referrer).open(address).text.lower()
