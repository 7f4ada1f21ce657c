"""How a referral is taken in: once, whole, and less what it may not hold."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import Organisation
from parents_partners.accounts.types import COMMAND_LINE, OrganisationKind
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import Event
from parents_partners.core.db import db
from parents_partners.core.errors import Refused
from parents_partners.core.reference import labels_of
from parents_partners.referrals.models import (
    NameSound,
    Referral,
    ReferralConference,
    ReferralKey,
)
from parents_partners.referrals.queries import submission_of
from parents_partners.referrals.services import Receipt, receive, sender_named
from parents_partners.referrals.submission import Circumstances, Submission, read, read_received_at
from parents_partners.referrals.types import KeyKind, KeyOf, ReferralState
from tests.conftest import Statements
from tests.documents import referral_document
from tests.factories import NEW_YORK, NOW, make_organisation, make_referral

Database = scoped_session[Session]
Document = dict[str, Any]

DECLINED = {
    "first_name": "Wilkinson",
    "last_name": "Canaryname",
    "relationship": "father",
    "phone": "(646) 555-0177",
    "email": "canary@mail.example.net",
    "preferred_language": "ht",
    "safe_contact": {"note": "canary note"},
    "agreement": {"answer": "declined", "asked_by": "Canary Asker", "asked_on": "2026-11-17"},
}


def reading_of(document: Document) -> Submission:
    received = read_received_at(document, now=NOW, zone=NEW_YORK)
    circumstances = Circumstances(received.at, NEW_YORK, labels_of("conference_kind"))
    reading = read(document, circumstances)
    assert reading.submission is not None, reading.problems
    return reading.submission


def send(document: Document, sender: Organisation | None = None, **keys: Any) -> Receipt:
    return receive(
        reading_of(document), document, sender=sender, actor=COMMAND_LINE, now=NOW, **keys
    )


def count_of(session: Database, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def everything_in(session: Database) -> str:
    """Every value of every table, as one text."""
    session.flush()
    rows = [
        list(row)
        for table in db.metadata.sorted_tables
        for row in session.execute(select(table)).all()
    ]
    return json.dumps(rows, default=str, ensure_ascii=False)


def test_a_table_is_written_in_one_statement_however_large_the_family(
    session: Database, statements: Statements
) -> None:
    child = referral_document()["children"][0]
    brood = [child | {"first_name": name} for name in ("Aurora", "Bruno", "Celia", "Dario")]
    statements.texts.clear()
    send(referral_document(children=brood))
    tables = [text.split()[2] for text in statements.writing]
    assert sorted(tables) == sorted(set(tables)), tables
    assert {"referral", "submission", "referral_key", "name_sound"} <= set(tables)
    assert count_of(session, ReferralKey) > len(brood)


def test_references_count_up_within_a_year(session: Database) -> None:
    first, second = send(referral_document()), send(referral_document(case__name="Rivera"))
    assert (first.referral.reference, second.referral.reference) == (
        "PP-2026-000001",
        "PP-2026-000002",
    )


def test_the_year_of_a_reference_is_that_of_the_day_in_new_york(session: Database) -> None:
    still_2025 = referral_document(
        received_at="2026-01-01T04:59:00Z",
        programme_discussed__on="2025-12-30",
        parents__0__agreement__asked_on="2025-12-30",
        case__opened_on="2025-12-20",
        children__0__removed_at=None,
        children__0__placed_at=None,
    )
    assert send(still_2025).referral.reference == "PP-2025-000001"
    assert send(referral_document()).referral.reference == "PP-2026-000001"


def test_what_was_submitted_is_kept_whole(session: Database) -> None:
    document = referral_document()
    referral = send(document).referral
    session.expire_all()
    assert submission_of(referral) == reading_of(document)
    assert referral.state is ReferralState.SUBMITTED


def test_the_queue_finds_removal_placement_language_and_conferences_beside_it(
    session: Database,
) -> None:
    """REF-06: the earliest removal and the latest placement of the children."""
    sibling = {
        "first_name": "Kiara",
        "last_name": "Marte",
        "setting": "kinship_foster_care",
        "removed_at": "2026-11-01T10:00:00-05:00",
        "placed_at": "2026-11-09T10:00:00-05:00",
    }
    document = referral_document()
    document["children"].append(sibling)
    referral = send(document).referral
    assert referral.removed_at == datetime(2026, 11, 1, 15, 0, tzinfo=UTC)
    assert referral.placed_at == datetime(2026, 11, 9, 15, 0, tzinfo=UTC)
    assert referral.language == "es"
    mentions = session.execute(select(ReferralConference.kind, ReferralConference.starts_at)).all()
    assert mentions == [("FTC", datetime(2026, 11, 25, 15, 0, tzinfo=UTC))]


def test_search_keys_are_folded(session: Database) -> None:
    referral = send(referral_document(parents__0__first_name="LÚZ", case__number="s 0123456"))
    keys = session.execute(
        select(ReferralKey.kind, ReferralKey.of, ReferralKey.value).order_by(ReferralKey.id)
    ).all()
    assert keys == [
        (KeyKind.NUMBER, KeyOf.CASE, "S0123456"),
        (KeyKind.NAME, KeyOf.PARENT, "luz marte"),
        (KeyKind.PHONE, KeyOf.PARENT, "+13475550161"),
        (KeyKind.NAME, KeyOf.CHILD, "marte yandel"),
        (KeyKind.BORN, KeyOf.CHILD, "2016-11-10"),
        (KeyKind.CASE_NAME, KeyOf.CASE, "luz marte"),
    ]
    assert session.scalars(select(NameSound.value).order_by(NameSound.value)).all() == [
        "LS",
        "MRT",
        "YNTL",
    ]
    assert referral.referral.number_key == "S0123456"


def test_nothing_of_a_parent_who_declined_is_anywhere_in_the_database(session: Database) -> None:
    """REF-03, with canaries in all that could be said about them."""
    document = referral_document(external_id="A-1")
    document["parents"].append(DECLINED)
    send(document, make_organisation())
    kept = everything_in(session)
    assert "Yandel" in kept
    for canary in ("Canary", "canary", "Wilkinson", "5550177", "555-0177"):
        assert canary not in kept


def test_the_receipt_is_written_down_as_an_event(session: Database) -> None:
    referral = send(referral_document()).referral
    event = session.scalars(select(AuditEvent)).one()
    assert (event.event, event.referral_id) == (Event.REFERRAL_SUBMITTED, referral.id)
    assert event.detail == {"channel": "online"}


def test_what_was_assumed_is_kept_for_the_sender(session: Database) -> None:
    document = referral_document(children__0__placed_at="2026-11-01T01:30:00")
    document["children"][0]["removed_at"] = "2026-10-31T10:00:00-04:00"
    received = read_received_at(document, now=NOW, zone=NEW_YORK)
    circumstances = Circumstances(received.at, NEW_YORK, labels_of("conference_kind"))
    reading = read(document, circumstances)
    assert reading.submission is not None
    receipt = receive(
        reading.submission,
        document,
        sender=None,
        actor=COMMAND_LINE,
        now=NOW,
        notes=reading.notes,
        submission_key="key",
    )
    assert "comes twice" in receipt.notes[0].message
    assert send(document, submission_key="key").notes == receipt.notes


# A second arrival


def test_the_same_id_and_content_from_one_sender_is_one_referral(session: Database) -> None:
    sender = make_organisation()
    document = referral_document(external_id="HV-1")
    first, again = send(document, sender), send(document, sender)
    assert (first.created, again.created) == (True, False)
    assert again.referral.reference == first.referral.reference
    assert count_of(session, Referral) == count_of(session, AuditEvent) == 1


def test_the_order_of_properties_makes_no_other_content(session: Database) -> None:
    document = referral_document(external_id="HV-1")
    send(document)
    assert not send(dict(reversed(document.items()))).created


def test_the_same_id_with_other_content_is_refused_and_the_first_stays(session: Database) -> None:
    send(referral_document(external_id="HV-1"))
    with pytest.raises(Refused) as refused:
        send(referral_document(external_id="HV-1", case__name="Rivera, Ana"))
    assert list(refused.value.problems) == ["external_id"]
    assert session.scalars(select(Referral.case_name)).all() == ["Marte, Luz"]


def test_two_senders_may_use_the_same_id(session: Database) -> None:
    document = referral_document(external_id="1")
    assert send(document, make_organisation()).created
    assert send(document, make_organisation()).created


def test_an_organisation_called_self_is_not_the_parent_themself(session: Database) -> None:
    document = referral_document(external_id="1")
    assert send(document, make_organisation("Self")).created
    assert send(document).created


def test_a_form_that_is_sent_twice_gives_the_first_referral(session: Database) -> None:
    first = send(referral_document(), submission_key="form")
    again = send(referral_document(case__name="Rivera, Ana"), submission_key="form")
    assert (again.created, again.referral.id) == (False, first.referral.id)


@pytest.mark.parametrize("known_by", ["submission key", "id of the sender's"])
def test_of_two_at_once_one_is_stored_and_both_are_answered(
    own_database: Flask, known_by: str
) -> None:
    """R-01: the second waits for the first, or meets the constraint, and gets its reference."""
    at_once = Barrier(2)

    def send_it(document: Document, submission_key: str | None) -> tuple[str, bool]:
        with own_database.app_context():
            submission = reading_of(document)
            db.session.rollback()
            at_once.wait()
            receipt = receive(
                submission,
                document,
                sender=None,
                actor=COMMAND_LINE,
                now=NOW,
                submission_key=submission_key,
            )
            db.session.commit()
            return receipt.referral.reference, receipt.created

    for round_number in range(5):
        key = f"{known_by} {round_number}"
        by_form = known_by == "submission key"
        document = referral_document(external_id=None if by_form else key)
        with ThreadPoolExecutor(2) as both:
            sent = [both.submit(send_it, document, key if by_form else None) for _ in range(2)]
            answers = [one.result() for one in sent]
        assert answers[0][0] == answers[1][0]
        assert sorted(created for _, created in answers) == [False, True]
    with own_database.app_context():
        assert count_of(db.session, Referral) == count_of(db.session, AuditEvent) == 5


def test_references_are_given_once_when_many_arrive_at_once(own_database: Flask) -> None:
    def send_one(number: int) -> str:
        with own_database.app_context():
            document = referral_document(case__name=f"Family {number}")
            receipt = send(document)
            db.session.commit()
            return receipt.referral.reference

    with ThreadPoolExecutor(4) as many:
        references = sorted(many.map(send_one, range(12)))
    assert references == [f"PP-2026-{number:06}" for number in range(1, 13)]


# Senders


def test_an_unknown_sender_becomes_an_organisation_without_accounts(session: Database) -> None:
    sender = sender_named("Two Rivers Child & Family", actor=COMMAND_LINE, now=NOW)
    assert sender is not None
    assert sender.kind is OrganisationKind.UNKNOWN


def test_a_sender_is_known_however_it_is_spelled(session: Database) -> None:
    known = make_organisation("Two Rivers Child & Family")
    assert sender_named("TWO RIVERS child  & family", actor=COMMAND_LINE, now=NOW) is known


def test_nobody_named_is_the_parent_themself(session: Database) -> None:
    assert sender_named(None, actor=COMMAND_LINE, now=NOW) is None


def test_an_agency_sees_its_own_referral_as_its_own(session: Database) -> None:
    sender = make_organisation()
    assert make_referral(sender=sender).organisation_id == sender.id


def test_a_referral_recorded_later_keeps_when_it_was_received(session: Database) -> None:
    late = NOW + timedelta(days=2)
    document = referral_document()
    referral = receive(
        reading_of(document), document, sender=None, actor=COMMAND_LINE, now=late
    ).referral
    assert referral.received_at == datetime(2026, 11, 20, 14, 42, tzinfo=UTC)
    assert referral.recorded_at == late
