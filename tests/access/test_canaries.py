"""S-02: a word of its own stands in every confidential text of two sides. Each role looks at all
that it can reach, and sees the words of this table and no other; and each of these is seen.
S-19: none of them stands in an address, a header, the name of a file or a line of the log."""

import json
from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Role
from parents_partners.core.db import Base, db
from tests.access.canaries import OTHER, OWN, Canaries
from tests.access.crawl import Crawl
from tests.access.planting import plant
from tests.browser import Browser
from tests.databases import Database, app_on
from tests.factories import NOW
from tests.unfinished_work import watch_for_unfinished_work

OpenBrowser = Callable[[User | None], Browser]

MAY_SEE = """
on              what                                           own side     | other side

carried         *                                              RF FS SV     |
carried         note task provider later_place later_link      FS SV        |
carried         message_caller message_phone message_safe      FS SV        |
carried         message                                        HL FS SV     |
carried         activity_draft                                 FS           |
carried         earlier_note                                   SV           |
carried         concern                                                     |
offered         *                                              RF SV        |
offered         parent surname                                 RF FS SV     |
offered         choice_reason                                               |
given           *                                              RF SV        |
given           parent surname                                 RF FS SV     |
given           chosen_note note                               SV           |
given           words                                                       |
taken_over      *                                              RF FS SV     |
taken_over      words chosen_note                              FS SV        |
taken_over      note                                           SV           |
ended           *                                              RF SV        |
ended           note                                           SV           |
ended           reason_inside                                  SV AD        | AD
ended           reason_outside                                 RF SV AD     | AD
waiting         *                                              RF HL SV     | HL SV
waiting         concern                                        SV           | SV
undecided       * question answer open_question                RF HL SV     | HL SV
on_the_phone    *                                              HL SV        | HL SV
declined        *                                              RF SV        | SV
declined        reason_inside                                  AD           | AD
declined        reason_outside                                 RF SV AD     | SV AD
barred          *                                              RF           | HL SV
barred          number                                         RF AD        | HL SV AD
conflict        number                                         SV AD        | AD
call            name phone safe organisation number note       HL           |
call_back       name phone safe organisation number note       HL           | HL
referrer_draft  * declined declined_phone declined_asked       RF           |
helpline_draft  * declined declined_phone declined_asked       HL           |
supervisor_draft  * declined declined_phone declined_asked     SV           |
specialist      away                                           FS SV        |
"""
"""What stands where, and who of one's own side and of the other reads it. `*` is the referral as
submitted; a later line says more of some of it. What no line names nobody reads, and above all
nothing of a parent who declined: it has left nobody's draft (REF-03).

carried, ended: by this specialist. given, taken_over: to this specialist, who reads of it what the
parents let pass on, and not before taking it. on_the_phone: taken at the helpline. barred: the
conflict list keeps its own side's helpline and supervisor out."""

SUBMITTED = """
parent surname phone email safe asked_by child child_surname family number place link
issues progress stage worker title discussed agency
""".split()  # noqa: SIM905 (a list of words is read more easily)

INITIALS = {
    "RF": Role.REFERRER,
    "HL": Role.HELPLINE,
    "FS": Role.SPECIALIST,
    "SV": Role.SUPERVISOR,
    "AD": Role.ADMIN,
    "AU": Role.AUDITOR,
}

WHO_READS = MAY_SEE.index("own side") - MAY_SEE.index("on ")
"""The column of the table in which the readers begin."""

SEARCHED = (
    "carried.surname",
    "undecided.child",
    "waiting.phone",
    "given.number",
    "barred.number",
    "declined.surname",
)


def readers() -> dict[str, set[Role]]:
    """The table: every canary, and who of one's own side sees it."""
    may: dict[str, set[Role]] = {}
    for line in MAY_SEE.strip().splitlines()[2:]:
        before, other_side = line.split("|")
        where, *fields = before[:WHO_READS].split()
        for side, initials in ((OWN, before[WHO_READS:]), (OTHER, other_side)):
            for one in fields:
                for field in SUBMITTED if one == "*" else [one]:
                    may[f"{side} {where}.{field}"] = {INITIALS[who] for who in initials.split()}
    return may


@pytest.fixture(scope="session")
def app_and_canaries(database: Database) -> Iterator[tuple[Flask, Canaries]]:
    with app_on(database.fresh("canaries")) as app:
        watch_for_unfinished_work(app)
        with app.app_context(), time_machine.travel(NOW, tick=False):
            canaries = plant()
            db.session.remove()
        yield app, canaries


@pytest.fixture(scope="session")
def app(app_and_canaries: tuple[Flask, Canaries]) -> Flask:
    """In place of the empty one: every other fixture follows."""
    return app_and_canaries[0]


@pytest.fixture(scope="session")
def canaries(app_and_canaries: tuple[Flask, Canaries]) -> Canaries:
    return app_and_canaries[1]


@pytest.mark.parametrize("role", Role)
def test_everybody_sees_what_is_theirs_to_see_and_nothing_else(
    role: Role,
    canaries: Canaries,
    session: scoped_session[Session],
    browser_for: OpenBrowser,
    capsys: pytest.CaptureFixture[str],
) -> None:
    browser = browser_for(session.get_one(User, canaries.users[role]))
    words = [canaries.typed[f"{side} {name}"] for side in (OWN, OTHER) for name in SEARCHED]
    seen: dict[str, str] = {}
    outside: dict[str, set[str]] = {}
    for look in Crawl(browser, words).looks():
        # A page that was sent a word gives it back: that shows nobody anything.
        for name in canaries.seen_in(look.words) - canaries.seen_in(look.asked):
            seen.setdefault(name, look.asked)
        if found := canaries.seen_in(look.envelope):
            outside[look.asked] = found
    may = {name for name, roles in readers().items() if role in roles}
    leaks = {name: seen[name] for name in seen.keys() - may}
    assert leaks == {}, "somebody sees what is not theirs"
    assert may - seen.keys() == set(), "somebody does not find what is theirs"
    assert outside == {}, "addresses, headers and file names name nobody"
    lines = capsys.readouterr().err.splitlines()
    assert {json.loads(line)["event"] for line in lines if line.startswith("{")} == {"request"}
    assert canaries.seen_in("\n".join(lines)) == set()


def test_of_a_parent_who_declined_nothing_is_stored_outside_a_draft(
    canaries: Canaries, session: scoped_session[Session]
) -> None:
    """REF-03: also where no page shows it."""
    stored: set[str] = set()
    for table in Base.metadata.sorted_tables:
        for row in session.execute(table.select()):
            stored |= canaries.seen_in(json.dumps(list(row), default=str))
    of_who_declined = {name for name in canaries.typed if ".declined" in name}
    in_drafts = {name for name in of_who_declined if "_draft.declined" in name}
    assert in_drafts <= stored
    assert stored & of_who_declined == in_drafts


def test_the_table_speaks_of_every_text_and_of_no_other(canaries: Canaries) -> None:
    secret = {name for name in canaries.typed if ".declined" in name and "_draft." not in name}
    assert secret
    assert readers().keys() == canaries.typed.keys() - secret
