"""What is asked, of the product and of the floor, and what must stand on the answer."""

import json
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bench.raw import Connection

Fields = dict[str, str | list[str]]
Ask = tuple[str, Fields | None]


@dataclass(frozen=True)
class Workload:
    """`who` signs in to the product. `asks` gives the next address, and what is posted there, for
    the product and for the floor. `shows` are words that a page must have in this order; None:
    the answer leads on (303). `goal` is the least share of the floor's requests per second."""

    name: str
    who: str
    goal: float
    asks: Callable[[bool], Ask]
    shows: tuple[str, ...] | None
    most_queries: int | None = None


def workloads(connection: Connection) -> list[Workload]:
    """Those of the loaded database."""
    ((specialist, family, case),) = connection.rows(
        'SELECT a.specialist_id, c.public_id, c.id FROM assignment a JOIN "case" c ON'
        " c.id = a.case_id WHERE a.state = 'in_contact' ORDER BY (SELECT count(*) FROM activity"
        " WHERE assignment_id = a.id) DESC LIMIT 1"
    )
    ((supervisor, unit),) = connection.rows(
        "SELECT email, unit_id FROM \"user\" WHERE role = 'supervisor' ORDER BY id LIMIT 1"
    )
    # Who submits is of another agency than whose list is measured: it would grow meanwhile.
    ((sends, sender, sends_from), *others) = connection.rows(
        "SELECT email, id, organisation_id FROM \"user\" WHERE role = 'referrer' ORDER BY id"
    )
    referrer, organisation = next((one, of) for one, _, of in others if of != sends_from)
    email = dict(connection.rows('SELECT id, email FROM "user"'))
    references = [
        row[0]
        for row in connection.rows(
            "SELECT reference FROM referral WHERE organisation_id = ?"
            " ORDER BY received_at DESC, id DESC LIMIT 50",
            organisation,
        )
    ]
    carried = connection.rows(
        'SELECT c.name FROM assignment a JOIN "case" c ON c.id = a.case_id WHERE'
        " a.specialist_id = ? AND a.state IN ('accepted', 'in_contact')"
        " ORDER BY lower(c.name), a.id",
        specialist,
    )
    notes = connection.rows(
        "SELECT n.text FROM activity a JOIN activity_note n ON n.activity_id = a.id WHERE"
        " a.case_id = ? ORDER BY a.happened_at DESC LIMIT 20",
        case,
    )
    far = connection.rows(
        "SELECT received_at, id FROM referral WHERE organisation_id = ?"
        " ORDER BY received_at DESC, id DESC LIMIT 1 OFFSET 1999",
        organisation,
    )
    pages = {
        "queue": ("/triage", f"/queue/{unit}"),
        "list": ("/referrals?shown=all", f"/list/{organisation}?shown=all"),
        "open list": ("/referrals", f"/list/{organisation}"),
        "caseload": ("/caseload", f"/caseload/{specialist}"),
        "family": (f"/families/{family}", f"/family/{family}"),
    }
    if far:
        from parents_partners.core.paging import write_key

        key = write_key((connection.instant(far[0][0]), far[0][1]))
        pages["list, page 41"] = (
            f"/referrals?shown=all&after={key}",
            f"/list/{organisation}?shown=all&skip=2000",
        )

    def page(name: str) -> Callable[[bool], Ask]:
        product, floor = pages[name]
        return lambda of_floor: (floor if of_floor else product, None)

    found = [
        Workload("queue", supervisor, 0.55, page("queue"), ("Why here", "since removal"), 5),
        Workload("list", referrer, 0.55, page("list"), tuple(references), 5),
        Workload("open list", referrer, 0.55, page("open list"), tuple(references[:2]), 5),
    ]
    if far:
        found.append(Workload("list, page 41", referrer, 0.55, page("list, page 41"), ("PP-",), 5))
    return [
        *found,
        Workload("caseload", email[specialist], 0.5, page("caseload"),
                 tuple(name for (name,) in carried)),
        Workload("family", email[specialist], 0.5, page("family"),
                 tuple(text for (text,) in notes), 10),
        Workload("search", supervisor, 0.5, _searches(connection, unit), ("Found by", "</table>")),
        Workload("submit", sends, 0.3, _submits(connection, sender, sends_from), None),
        Workload("activity", *_logs(connection, specialist, email), shows=None),
    ]  # fmt: skip


def _searches(connection: Connection, unit: int) -> Callable[[bool], Ask]:
    """For the families of a name that some twenty bear whom a supervisor of this unit may open."""
    names = connection.rows(
        'SELECT c.name FROM assignment a JOIN "case" c ON c.id = a.case_id WHERE a.unit_id = ?'
        " AND a.state IN ('accepted', 'in_contact') UNION ALL"
        " SELECT case_name FROM referral WHERE state <> 'filed'",
        unit,
    )
    bearers = Counter(word for (name,) in names for word in name.split(", "))
    fields: Fields = {"words": min(bearers, key=lambda word: (abs(bearers[word] - 20), word))}
    return lambda of_floor: (f"/search/{unit}" if of_floor else "/search", fields)


def _submits(connection: Connection, owner: int, organisation: int) -> Callable[[bool], Ask]:
    """Drafts that are ready, made as they are asked for, a hundred at a time."""
    ((written,),) = connection.rows(
        "SELECT s.document FROM submission s JOIN referral r ON r.id = s.referral_id WHERE"
        " r.organisation_id = ? ORDER BY r.id DESC LIMIT 1",
        organisation,
    )
    document = connection.document(written)
    drafts: Iterator[str] = iter(())
    today = datetime.now(ZoneInfo("America/New_York")).date()
    starts_at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=9)
    document["conferences"][0]["starts_at"] = starts_at.isoformat()
    document["programme_discussed"]["on"] = today.isoformat()
    document.pop("received_at", None)
    sections = ["before_you_refer", "case", "parents", "children", "conferences", "history"]

    def ask(of_floor: bool) -> Ask:
        nonlocal drafts
        key = next(drafts, None)
        if key is None:
            keys = [secrets.token_hex(10) for _ in range(100)]
            now = connection.stored(datetime.now(UTC))
            connection.many(
                "INSERT INTO draft (public_id, owner_id, channel, submission_key, document,"
                " section_versions, created_at, updated_at, version)"
                " VALUES (?, ?, 'online', ?, ?, ?, ?, ?, 1)",
                [
                    (key, owner, key, json.dumps(document),
                     json.dumps(dict.fromkeys(sections, 1)), now, now)
                    for key in keys
                ],
            )  # fmt: skip
            drafts = iter(keys)
            key = next(drafts)
        return (f"/submit/{key}" if of_floor else f"/drafts/{key}/submit"), {}

    return ask


def _logs(
    connection: Connection, measured: int, email: dict[int, str]
) -> tuple[str, float, Callable[[bool], Ask]]:
    """Entries of another specialist than the one whose pages are measured."""
    ((specialist,),) = connection.rows(
        "SELECT min(specialist_id) FROM assignment WHERE state = 'in_contact' AND"
        " specialist_id <> ?",
        measured,
    )
    families = connection.rows(
        'SELECT c.public_id, min(p.public_id) FROM assignment a JOIN "case" c ON c.id = a.case_id'
        " JOIN assigned_parent ap ON ap.assignment_id = a.id JOIN person p ON p.id = ap.person_id"
        " WHERE a.specialist_id = ? AND a.state = 'in_contact' GROUP BY c.public_id",
        specialist,
    )
    next_family = 0

    def ask(of_floor: bool) -> Ask:
        nonlocal next_family
        next_family += 1
        family, parent = families[next_family % len(families)]
        local = datetime.now(ZoneInfo("America/New_York"))
        fields: dict[str, Any] = {
            "submission_key": secrets.token_hex(16),
            "made": "yes",
            "mode": "phone",
            "kinds": ["rights", "emotional"],
            "participants": [parent],
            "happened_at": f"{local:%Y-%m-%dT%H:%M}",
            "length": "30",
            "minutes": "",
            "note": "We went through the letter of the court together.",
        }
        return (f"/activity/{family}" if of_floor else f"/families/{family}/activities/new"), fields

    return email[specialist], 0.4, ask
