"""Who finds which family by what, on both engines alike: within their scope, and never whom the
conflict list keeps from them."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Role
from parents_partners.advocates.queries.search import Results, search
from parents_partners.advocates.types import AssignmentState
from parents_partners.cases.models import Conflict
from parents_partners.core.db import db
from parents_partners.core.search import newest_containing, said_to_contain
from parents_partners.referrals.models import Referral, ReferralKey
from parents_partners.referrals.queries.finding import MOST_KEYS
from parents_partners.referrals.queries.searching import Hit, known_families
from parents_partners.referrals.services import mark_duplicate
from tests.documents import referral_document
from tests.factories import (
    NOW,
    make_assignment,
    make_filed_referral,
    make_referral,
    make_specialist,
    make_unit,
    make_user,
)

Database = scoped_session[Session]


@pytest.fixture
def supervisor(session: Database) -> User:
    return make_user(Role.SUPERVISOR)


@pytest.fixture
def helpline(session: Database) -> User:
    return make_user(Role.HELPLINE)


def say(first_name: str, last_name: str, **changes: Any) -> dict[str, Any]:
    """A referral for this parent, whose child bears the last name."""
    return referral_document(
        **{
            "parents__0__first_name": first_name,
            "parents__0__last_name": last_name,
            "children__0__last_name": last_name,
            "case__name": f"{last_name}, {first_name}",
            **changes,
        }
    )


@pytest.mark.parametrize(
    "typed",
    [
        "Temi Oyelaran",
        "OYELARAN, TEMI",
        "oyelaran",
        "oyel",
        "Témi",
        "temi oyelarin",
        "Oyelarin",
        "olyearan",
        "Temitope Oyelaran",
        "T. Oyelaran",
        "Yandel Temi",
        "S-034567-8",
        "s 0345678",
        "0345678 S",
        "34567",
        "(347) 555-0177",
        "+1 347 555 0177",
        "5550177",
        "oyelaran 5550177",
        "HFS-2026-0441",
        "hfs 2026 0441",
    ],
)
def test_a_family_is_found_however_it_is_written(
    typed: str, session: Database, supervisor: User
) -> None:
    meant = make_referral(
        say(
            "Temi",
            "Oyelaran",
            case__number="S-034567-8",
            parents__0__phone="(347) 555-0177",
            external_id="HFS-2026-0441",
        )
    )
    make_referral(say("Luz", "Marte"))
    assert references(search(supervisor.as_actor(), typed)) == [meant.reference]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        (("芳", "王"), "王"),
        (("Li", "Bo"), "bo li"),
        (("ليلى", "الحسن"), "الحسن"),
        (("Ngọc", "Đỗ"), "do ngoc"),
        (("Rose-Laure", "Étienne"), "Rose L. Etienne"),
        (("Siobhán", "O'Neill"), "oneill"),
        (("José", "Jiménez"), "Jimenes"),
        (("Mohamed", "Ba"), "Muhammad Ba"),
        (("美玲", "陳"), "陳美玲"),
        (("陳美玲", "陳"), "陳 美玲"),
        (("陳美玲", "陳"), "美玲 陳"),
        (("Mei-Ling", "Chen"), "chen mei ling"),
        (("Mei-Ling", "Chen"), "Meiling Chen"),
        (("Meiling", "Chen"), "chen mei ling"),
        (("Zoë", "Li"), "Zoey"),
        (("Amy", "Lee"), "Aimee Leigh"),
        (("Mei", "Chen"), "May Chen"),
    ],
)
def test_names_of_every_script_and_length_are_found(
    name: tuple[str, str], typed: str, session: Database, supervisor: User
) -> None:
    meant = make_referral(say(*name))
    assert references(search(supervisor.as_actor(), typed)) == [meant.reference]


@pytest.mark.parametrize(
    "typed", ["Luz 0123456", "s-012345-6 luz", "luz 555 0161", "LUZ, 555 0161", "HFS 2026 0441"]
)
def test_two_or_three_letters_beside_a_number_may_be_a_name(
    typed: str, session: Database, supervisor: User
) -> None:
    shared = {"case__number": "S-012345-6", "parents__0__phone": "(347) 555-0161"}
    meant = make_referral(say("Luz", "Marte", external_id="HFS-2026-0441", **shared))
    make_referral(say("Ana", "Olsen", children__0__first_name="Kiara", **shared))
    assert references(search(supervisor.as_actor(), typed)) == [meant.reference]


@pytest.mark.parametrize("letters", ["Ana 0123456", "abc 0123456"])
def test_a_short_name_that_the_family_of_a_number_does_not_bear_finds_nobody(
    letters: str, session: Database, supervisor: User
) -> None:
    make_referral(say("Luz", "Marte", case__number="S-012345-6"))
    assert len(search(supervisor.as_actor(), letters)) == 0


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("S-012345-6", "S-O12345-6"),
        ("S-012345-6", "s o12345 6"),
        ("S-0012305", "SOO123O5"),
        ("SO12345-6", "S-012345-6"),
        ("SO12345-6", "s 012345"),
        ("O12345", "012345"),
    ],
)
def test_a_case_number_is_found_though_a_zero_is_written_as_the_letter(
    written: str, typed: str, session: Database, helpline: User
) -> None:
    """REF-01."""
    make_referral(say("Luz", "Marte", case__number=written))
    make_referral(say("Ana", "Olsen", case__number="S-777777-7"))
    assert len(search(helpline.as_actor(), typed)) == 1
    assert len(known_families(helpline.as_actor(), number=typed, now=NOW).rows) == 1


def test_a_reference_is_found_with_and_without_its_year(
    session: Database, supervisor: User
) -> None:
    referral = make_referral()
    number = referral.reference.rsplit("-", 1)[1]
    for typed in (
        referral.reference,
        referral.reference.lower().replace("-", " "),
        number,
        str(int(number)),
    ):
        assert references(search(supervisor.as_actor(), typed)) == [referral.reference], typed


@pytest.mark.parametrize("typed", ["zzzzz", "lllnnn", "zzzzz mmmmm", "May"])
def test_a_sound_of_one_or_two_letters_alone_finds_nobody(
    typed: str, session: Database, supervisor: User
) -> None:
    make_referral(say("Zoë", "Lena", children__0__first_name="Mei"))
    assert len(search(supervisor.as_actor(), typed)) == 0


@pytest.mark.parametrize(
    "called", ["Wong, Kevin", "陳美玲 / Wong, Kevin", "陳美玲 (Wong, Kevin)", "Luz (Wong, Kevin)"]
)
def test_a_case_that_bears_another_name_is_not_found_by_it_where_somebody_did_not_agree(
    called: str, session: Database, supervisor: User
) -> None:
    """REF-03."""
    make_referral(one_of_two("美玲", "陳", called=called))
    assert len(search(supervisor.as_actor(), "wong kevin")) == 0


def one_of_two(first_name: str, last_name: str, *, called: str) -> dict[str, Any]:
    """A referral of two parents, of whom only this one agreed."""
    document = say(first_name, last_name, case__name=called)
    document["parents"].append({"relationship": "father", "agreement": {"answer": "not_asked"}})
    return document


@pytest.mark.parametrize("typed", ["Marta Olsen", "zzyzx", "S-999999", "555 0999", "%", "_", "%%%"])
def test_nothing_else_is_found(typed: str, session: Database, supervisor: User) -> None:
    make_referral()
    assert len(search(supervisor.as_actor(), typed)) == 0


def test_of_a_parent_who_did_not_agree_nothing_is_found(
    session: Database, supervisor: User
) -> None:
    """REF-03: not by their name, also where the case bears it."""
    document = say("Luz", "Marte") | {"external_id": None}
    document.pop("external_id")
    document["case"]["name"] = "Quintero, Abel"
    document["parents"].append({"relationship": "father", "agreement": {"answer": "declined"}})
    make_referral(document)
    assert len(search(supervisor.as_actor(), "Quintero")) == 0
    assert len(search(supervisor.as_actor(), "Marte")) == 1


def test_a_specialist_finds_the_families_they_carry_and_no_other(session: Database) -> None:
    specialist = make_specialist()
    own, foreign = (
        make_filed_referral(say("Luz", "Marte")),
        make_filed_referral(say("Ana", "Marte", case__number="S-7")),
    )
    make_assignment(own.case, specialist)
    make_assignment(foreign.case)
    found = search(specialist.as_actor(), "martte")
    assert [row.family.id for row in found.families] == [own.case_id]
    assert found.referrals == ()


def test_a_supervisor_finds_their_units_and_nobodys_families(session: Database) -> None:
    unit = make_unit()
    supervisor = make_user(Role.SUPERVISOR, unit=unit)
    ours, foreign, nobodys = (
        make_filed_referral(say("Luz", "Marte", case__number=f"S-70{number}"))
        for number in range(3)
    )
    make_assignment(ours.case, make_specialist(unit=unit))
    make_assignment(foreign.case, make_specialist())
    undecided = make_referral(say("Luz", "Marte", case__number="S-704"))
    found = search(supervisor.as_actor(), "marte")
    assert {row.family.id for row in found.families} == {ours.case_id, nobodys.case_id}
    assert [row.reference for row in found.referrals] == [undecided.reference]


def test_the_helpline_learns_of_a_family_with_a_specialist_only_that_it_is_known(
    session: Database, helpline: User
) -> None:
    """REF-01: reference, matching field and status, nothing else."""
    theirs = make_filed_referral(say("Luz", "Marte"))
    make_assignment(theirs.case)
    open_to_all = make_referral(say("Ana", "Marte", case__number="S-7"))
    found = search(helpline.as_actor(), "marte")
    assert [row.reference for row in found.referrals] == [open_to_all.reference]
    assert found.known.rows == (
        Hit(
            theirs.public_id,
            theirs.reference,
            ("Name", "Name of the case"),
            "Has a Family Specialist",
            True,
        ),
    )
    assert found.families == ()


@pytest.mark.parametrize("typed", ["marte", "luz matre", "S-0123456", "555 0161"])
@pytest.mark.parametrize("role", [Role.HELPLINE, Role.SPECIALIST, Role.SUPERVISOR])
def test_the_conflict_list_takes_a_family_away_from_every_search(
    role: Role, typed: str, session: Database
) -> None:
    """ADV-01: as if there were none."""
    unit = make_unit()
    user = make_specialist(unit=unit) if role is Role.SPECIALIST else make_user(role)
    referral = make_filed_referral(say("Luz", "Marte", case__number="S-0123456"))
    if role is Role.SPECIALIST:
        make_assignment(referral.case, user)
    assert len(search(user.as_actor(), typed)) == 1
    db.session.add(Conflict(user_id=user.id, case_id=referral.case_id, recorded_at=NOW))
    db.session.flush()
    assert len(search(user.as_actor(), typed)) == 0
    assert known_families(user.as_actor(), name="Luz Marte", now=NOW).rows == ()


def test_a_search_shows_twenty_at_most_and_says_that_there_are_more(
    session: Database, supervisor: User
) -> None:
    for number in range(21):
        make_referral(say("Luz", "Marte", case__number=f"S-70{number:02}"))
    found = search(supervisor.as_actor(), "marte")
    assert (len(found.referrals), found.more) == (20, True)
    narrower = search(supervisor.as_actor(), "S-7003")
    assert (len(narrower.referrals), narrower.more) == (1, False)


def test_what_has_most_in_common_comes_first(session: Database, supervisor: User) -> None:
    number = "S-0123456"
    both = make_referral(say("Luz", "Marte", case__number=number, external_id="0123456"))
    make_referral(say("Ana", "Olsen", case__number=number))
    found = search(supervisor.as_actor(), "0123456")
    assert found.referrals[0].reference == both.reference
    assert found.referrals[0].matched == ("Case number", "Sender's own number")


def test_what_is_spelt_so_comes_before_what_is_spelt_differently(
    session: Database, supervisor: User
) -> None:
    exact = make_referral(say("Temi", "Oyelaran"))
    alike = make_referral(say("Temi", "Oyelarin", case__number="S-7"))
    found = search(supervisor.as_actor(), "oyelaran")
    assert references(found) == [exact.reference, alike.reference]
    assert found.referrals[1].matched == ("Name, spelt differently",)


def test_a_family_is_one_row_by_its_newest_referral(session: Database, helpline: User) -> None:
    first = make_filed_referral(say("Luz", "Marte"))
    second = make_filed_referral(say("Luz", "Marte", case__number="S-8"), case=first.case)
    make_assignment(first.case, state=AssignmentState.IN_CONTACT)
    [row] = known_families(helpline.as_actor(), name="marte luz", now=NOW).rows
    assert row.reference == second.reference


@pytest.mark.parametrize(
    ("terms", "fields"),
    [
        ({"number": "s 0123456"}, ("Case number",)),
        ({"name": "Luz Marte"}, ("Name", "Name of the case")),
        ({"name": "Lus Marté"}, ("Name, spelt differently",)),
        ({"phone": "347 555 0161"}, ("Phone number",)),
        (
            {"number": "0123456S", "name": "marte", "phone": "5550161"},
            ("Case number", "Name", "Name of the case", "Phone number"),
        ),
        ({"number": "", "name": "", "phone": ""}, None),
        ({"number": "abc", "name": "?", "phone": "12"}, None),
    ],
)
def test_the_helpline_asks_by_any_of_three_fields(
    terms: dict[str, str], fields: tuple[str, ...] | None, session: Database, helpline: User
) -> None:
    make_referral(say("Luz", "Marte", case__number="S-0123456", parents__0__phone="(347) 555-0161"))
    rows = known_families(helpline.as_actor(), now=NOW, **terms).rows
    assert [row.fields for row in rows] == ([fields] if fields else [])


def test_the_status_says_where_a_family_stands_and_no_more(
    session: Database, helpline: User, supervisor: User
) -> None:
    def status(number: str) -> tuple[str, bool]:
        [row] = known_families(helpline.as_actor(), number=number, now=NOW).rows
        return row.status, row.has_specialist

    waiting = make_referral(say("Luz", "Marte", case__number="S-1001"))
    assert status("S-1001") == ("Waiting for a decision", False)
    filed = make_filed_referral(say("Luz", "Marte", case__number="S-1002"))
    assert status("S-1002") == ("Closed", False)
    make_assignment(filed.case, state=AssignmentState.OFFERED)
    assert status("S-1002") == ("Waits for a Family Specialist", False)
    carried = make_filed_referral(say("Luz", "Marte", case__number="S-1003"))
    make_assignment(carried.case)
    assert status("S-1003") == ("Has a Family Specialist", True)
    again = make_referral(say("Luz", "Marte", case__number="S-1004"))
    mark_duplicate(again, original=waiting, actor=supervisor.as_actor(), now=NOW)
    assert status("S-1004") == ("Waiting for a decision", False)
    mark_duplicate(waiting, original=carried, actor=supervisor.as_actor(), now=NOW)
    assert status("S-1001") == ("Has a Family Specialist", True)
    assert status("S-1004") == ("Has a Family Specialist", True)


def test_both_engines_find_alike_where_the_pieces_of_a_word_stand_apart(
    session: Database, supervisor: User
) -> None:
    """`mei` and `eil` are there, `meil` is not: one engine knows that from its index, one does
    not."""
    make_referral(say("Siobhán", "O'Neill", children__0__first_name="Mei"))
    assert len(search(supervisor.as_actor(), "Meil")) == 0
    assert len(search(supervisor.as_actor(), "Meiling")) == 0


def test_what_is_changed_or_gone_is_found_no_longer(session: Database, supervisor: User) -> None:
    """The index follows the table."""
    referral = make_referral(say("Temi", "Oyelaran"))
    keys = session.scalars(select(ReferralKey).filter_by(referral_id=referral.id)).all()
    for key in keys:
        if "oyelaran" in key.value:
            key.value = "olsen temi"
    session.flush()
    assert hits("oyelaran") == []
    assert len(hits("olsen")) == 3
    for key in keys:
        session.delete(key)
    session.flush()
    assert hits("olsen") == []


def test_a_word_that_is_too_short_for_the_index_is_not_asked_of_it(session: Database) -> None:
    with pytest.raises(ValueError, match="three characters"):
        said_to_contain(["ab"])


def test_a_name_that_very_many_bear_is_bounded(session: Database, supervisor: User) -> None:
    referral = make_referral(say("Luz", "Marte"))
    row = session.scalars(select(ReferralKey).filter_by(referral_id=referral.id)).first()
    assert row is not None
    session.add_all(
        ReferralKey(referral_id=referral.id, kind=row.kind, of=row.of, value="S0777777")
        for _ in range(MOST_KEYS)
    )
    session.flush()
    assert search(supervisor.as_actor(), "0777777").more
    assert search(supervisor.as_actor(), "0777777 marte").more


def hits(word: str) -> list[int]:
    query = newest_containing(ReferralKey.value, 1, most=10)
    return list(db.session.scalars(query, said_to_contain([word])))


def references(found: Results) -> list[str]:
    filed = [row.family.id for row in found.families]
    names = db.session.scalars(select(Referral.reference).where(Referral.case_id.in_(filed)))
    return [row.reference for row in found.referrals] + list(names)
