"""What the floor looks up for each page, in as few statements as it takes."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from bench.floor_family import family
from bench.floor_search import search
from bench.raw import Connection
from parents_partners.advocates.queries.queue import QUEUE_PAGE
from parents_partners.advocates.types import AssignmentState, QueueState, WaitingSince
from parents_partners.advocates.why_here import Place, age_of_case, short_kind, why_here
from parents_partners.cases.types import Borough
from parents_partners.core.words import age_on
from parents_partners.referrals.standing import (
    Deadlines,
    Decided,
    ParentSupport,
    Stint,
    standing,
)
from parents_partners.referrals.types import ReferralState, Shown

NEW_YORK = ZoneInfo("America/New_York")
PAGE = 50

Asked = dict[str, list[str]]


def _labels(connection: Connection, *names: str) -> dict[str, dict[str, str]]:
    labels: dict[str, dict[str, str]] = {name: {} for name in names}
    for name, code, label in connection.rows(
        f"SELECT list_name, code, label FROM list_item WHERE list_name IN"
        f" ({connection.marks(list(names))}) ORDER BY position",
        *names,
    ):
        labels[name][code] = label
    return labels


def _queue_sql(connection: Connection) -> str:
    early_from = connection.later("since", "-14")
    opened = connection.later("opened_on", "+15")
    if not connection.is_sqlite:
        opened = "(CAST(opened_on AS timestamp) AT TIME ZONE 'UTC' + interval '15 days')"
    ahead = "kind <> 'COURT' AND starts_at > ? ORDER BY starts_at LIMIT 1)"
    said = "FROM referral_conference WHERE referral_id = r.id AND"
    known = "FROM conference WHERE case_id = c.id AND state = 'scheduled' AND"
    return f"""
      WITH waits AS MATERIALIZED (
        SELECT 'referral' AS kind, r.id, r.public_id, r.case_name, r.reference,
          r.received_at AS since, r.removed_at, r.placed_at, r.opened_on, r.borough, r.language,
          r.state, o.name AS organisation,
          (SELECT starts_at {said} {ahead} AS conference_at,
          (SELECT kind {said} {ahead} AS conference_kind
        FROM referral r LEFT JOIN organisation o ON o.id = r.organisation_id
        WHERE r.state IN ('submitted', 'question_asked')
        UNION ALL
        SELECT 'family', c.id, c.public_id, c.name,
          (SELECT max(reference) FROM referral WHERE case_id = c.id), w.since,
          (SELECT min(removed_at) FROM placement WHERE case_id = c.id AND ended_at IS NULL),
          (SELECT max(placed_at) FROM placement WHERE case_id = c.id AND ended_at IS NULL),
          c.opened_on, c.borough, NULL, 'without_specialist', c.agency,
          (SELECT starts_at {known} {ahead}, (SELECT kind {known} {ahead}
        FROM (SELECT case_id, min(since) AS since FROM waiting WHERE ended_at IS NULL
              GROUP BY case_id) w
        JOIN "case" c ON c.id = w.case_id
      ), dated AS MATERIALIZED (
        SELECT *, (removed_at >= {early_from} OR placed_at >= {early_from}
                   OR {opened} > since) AS early FROM waits
      )
      SELECT *, CASE WHEN conference_at <= ? THEN 0 WHEN state = 'question_asked' THEN 2
          WHEN early THEN 0 ELSE 1 END AS later
      FROM dated
      ORDER BY later, CASE WHEN {connection.later("conference_at", "-1")} <
          {_due(connection)} THEN {connection.later("conference_at", "-1")}
          ELSE {_due(connection)} END, kind, id
      LIMIT {QUEUE_PAGE + 1}"""


def _due(connection: Connection) -> str:
    soon, usual = connection.later("since", "+1"), connection.later("since", "+3")
    return f"CASE WHEN early THEN {soon} ELSE {usual} END"


def queue(connection: Connection, unit: str, _asked: Asked) -> dict[str, Any]:
    now = datetime.now(UTC)
    today = now.astimezone(NEW_YORK).date()
    at = connection.stored(now)
    found = connection.rows(
        _queue_sql(connection), at, at, at, at, connection.stored(now + timedelta(days=7))
    )
    more, found = len(found) > QUEUE_PAGE, found[:QUEUE_PAGE]
    labels = _labels(connection, "language", "conference_kind")
    kinds = {code: short_kind(label) for code, label in labels["conference_kind"].items()}
    referrals = [row[1] for row in found if row[0] == "referral"]
    families = [row[1] for row in found if row[0] == "family"]
    born: defaultdict[tuple[str, int], list[date]] = defaultdict(list)
    for key, children in connection.rows(
        "SELECT referral_id, document -> 'children' FROM submission WHERE referral_id IN"
        f" ({connection.marks(referrals)})",
        *referrals,
    ):
        for child in connection.document(children):
            born["referral", key].append(date.fromisoformat(child["date_of_birth"]))
    for key, day in connection.rows(
        "SELECT m.case_id, p.date_of_birth FROM membership m JOIN person p ON p.id = m.person_id"
        f" WHERE m.role = 'child' AND m.case_id IN ({connection.marks(families)})",
        *families,
    ):
        born["family", key].append(connection.day(day) or today)
    parents: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for key, why, language in connection.rows(
        "SELECT w.case_id, w.why, p.preferred_language FROM waiting w JOIN person p ON"
        f" p.id = w.person_id WHERE w.ended_at IS NULL AND w.case_id IN"
        f" ({connection.marks(families)}) ORDER BY w.id",
        *families,
    ):
        parents[key].append((why, language))
    rows = []
    for row in found:
        (kind, key, public_id, name, reference, since, removed, placed, opened, borough, language,
         state, organisation, conference_at, conference_kind, early, later) = row  # fmt: skip
        waiting = parents[key] if kind == "family" else []
        spoken = dict.fromkeys(one for _, one in waiting) if kind == "family" else [language]
        place = Place(
            state=QueueState(state),
            since=connection.instant(since) or now,
            route_by=now,
            presses=later == 0,
            elsewhere=later == 2,
            early=bool(early),
            conference_at=connection.instant(conference_at),
            conference_kind=conference_kind,
            removed_at=connection.instant(removed),
            placed_at=connection.instant(placed),
            opened_on=connection.day(opened),
        )
        reasons = why_here(
            place, {WaitingSince(why) for why, _ in waiting}, today=today, zone=NEW_YORK,
            kinds=kinds, upcoming_days=14,
        )  # fmt: skip
        rows.append(
            {
                "address": f"/triage/{'families' if kind == 'family' else 'referrals'}/{public_id}",
                "name": name,
                "reference": reference,
                "reasons": reasons,
                "age": age_of_case(place.removed_at, place.opened_on, today, NEW_YORK),
                "borough": Borough(borough).label if borough else "Borough not known",
                "languages": ", ".join(labels["language"].get(one, one) for one in spoken),
                "ages": sorted(age_on(today, day) for day in born[kind, key]),
                "organisation": organisation,
                "state": place.state.label,
            }
        )
    return {
        "rows": rows,
        "more": more,
        "languages": labels["language"],
        "boroughs": Borough,
        "states": QueueState,
        "organisations": connection.rows("SELECT name_key, name FROM organisation ORDER BY name"),
        **_measure(connection, int(unit), now),
    }


def _measure(connection: Connection, unit: int, now: datetime) -> dict[str, Any]:
    days = [
        (connection.instant(contact) - connection.instant(removed)).days  # type: ignore[operator]
        for contact, removed in connection.rows(
            "SELECT a.first_contact_at, (SELECT min(removed_at) FROM placement p WHERE"
            " p.case_id = a.case_id) FROM assignment a WHERE a.unit_id = ? AND"
            " a.first_contact_at > ? AND a.state IN ('in_contact', 'ended')",
            unit,
            connection.stored(now - timedelta(days=90)),
        )
    ]
    return {"median": f"{median(days):g}" if days else None, "supports": len(days)}


def list_(connection: Connection, organisation: str, asked: Asked) -> dict[str, Any]:
    now = datetime.now(UTC)
    open_only = asked.get("shown") != ["all"]
    is_open = """ AND (r.state IN ('submitted', 'question_asked') OR r.state = 'filed' AND EXISTS
        (SELECT 1 FROM filed_parent f WHERE f.referral_id = r.id
         AND EXISTS (SELECT 1 FROM consent c WHERE c.case_id = f.case_id AND
           c.person_id = f.person_id AND c.withdrawn_at IS NULL AND c.scope IN
           ('support', 'attend_meetings'))
         AND (EXISTS (SELECT 1 FROM assigned_parent p WHERE p.case_id = f.case_id AND
           p.person_id = f.person_id AND p.released_at IS NULL) OR EXISTS (SELECT 1 FROM waiting w
           WHERE w.case_id = f.case_id AND w.person_id = f.person_id AND w.ended_at IS NULL))))"""
    found = connection.rows(
        "SELECT r.id, r.public_id, r.reference, r.case_name, r.received_at, r.state, r.decided_at,"
        " r.decline_reason FROM referral r WHERE r.organisation_id = ?"
        f"{is_open if open_only else ''} ORDER BY r.received_at DESC, r.id DESC LIMIT {PAGE + 1}"
        + (f" OFFSET {int(asked['skip'][0])}" if "skip" in asked else ""),
        int(organisation),
    )
    more, found = len(found) > PAGE, found[:PAGE]
    ids = [row[0] for row in found]
    supports: defaultdict[int, defaultdict[int, list[Stint]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for key, person, state, offered, over, contact, outcome, specialist in connection.rows(
        "SELECT f.referral_id, f.person_id, a.state, a.offered_at, a.ended_at, a.first_contact_at,"
        " a.outcome, u.name FROM filed_parent f LEFT JOIN assigned_parent p ON"
        " p.case_id = f.case_id AND p.person_id = f.person_id LEFT JOIN assignment a ON"
        ' a.id = p.assignment_id LEFT JOIN "user" u ON u.id = a.specialist_id'
        f" WHERE f.referral_id IN ({connection.marks(ids)})",
        *ids,
    ):
        stints = supports[key][person]
        if state is not None:
            first = connection.instant(contact)
            stints.append(
                Stint(
                    state=state,
                    offered_at=connection.instant(offered) or now,
                    over_at=connection.instant(over),
                    specialist=specialist,
                    first_contact_on=first.astimezone(NEW_YORK).date() if first else None,
                    outcome=outcome,
                )
            )
    coming = {}
    for key, kind, at in connection.rows(
        "SELECT referral_id, kind, starts_at FROM referral_conference WHERE kind <> 'COURT' AND"
        f" starts_at >= ? AND referral_id IN ({connection.marks(ids)}) ORDER BY starts_at DESC",
        connection.stored(now),
        *ids,
    ):
        coming[key] = (kind, connection.instant(at))
    labels = _labels(connection, "conference_kind", "outcome", "decline_reason")
    deadlines = Deadlines(2, now.date(), "")
    rows = []
    for key, public_id, reference, name, received, state, decided, reason in found:
        stands = standing(
            Decided(ReferralState(state), connection.instant(decided), reason),
            [ParentSupport(True, False, tuple(own)) for own in supports[key].values()],
            public_reasons=labels["decline_reason" if state == "declined" else "outcome"],
            deadlines=deadlines,
        )
        kind, at = coming.get(key, (None, None))
        rows.append(
            {
                "public_id": public_id,
                "reference": reference,
                "name": name,
                "received": connection.instant(received),
                "words": stands.words,
                "kind": labels["conference_kind"].get(kind, kind),
                "at": at,
            }
        )
    return {"rows": rows, "more": more, "shown": Shown}


def caseload(connection: Connection, specialist: str, _asked: Asked) -> dict[str, Any]:
    now = datetime.now(UTC)
    ahead = (
        "FROM conference WHERE case_id = c.id AND state = 'scheduled' AND starts_at >= ?"
        " ORDER BY starts_at LIMIT 1)"
    )
    contact = "(SELECT max(happened_at) FROM activity WHERE assignment_id = a.id AND"
    at = connection.stored(now)
    found = connection.rows(
        f"SELECT a.id, c.public_id, c.name, a.state, {contact} made), {contact} NOT made),"
        f" (SELECT starts_at {ahead}, (SELECT kind {ahead}, EXISTS (SELECT 1 FROM activity_draft d"
        " WHERE d.specialist_id = a.specialist_id AND d.case_id = c.id)"
        ' FROM assignment a JOIN "case" c ON c.id = a.case_id WHERE a.specialist_id = ? AND'
        f" a.state IN ('accepted', 'in_contact') ORDER BY lower(c.name), a.id LIMIT {PAGE + 1}",
        at,
        at,
        int(specialist),
    )
    ids = [row[0] for row in found]
    parents: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for key, *parent in connection.rows(
        "SELECT ap.assignment_id, p.first_name, p.last_name, p.preferred_language,"
        " p.may_leave_voicemail, p.may_text, p.may_email, p.may_send_mail, p.safe_contact_note"
        " FROM assigned_parent ap JOIN person p ON p.id = ap.person_id"
        f" WHERE ap.released_at IS NULL AND ap.assignment_id IN ({connection.marks(ids)})"
        " ORDER BY ap.assignment_id, p.id",
        *ids,
    ):
        parents[key].append(tuple(parent))
    labels = _labels(connection, "conference_kind", "language")
    rows = [
        {
            "public_id": public_id,
            "name": name,
            "state": AssignmentState(state),
            "made": connection.instant(made),
            "tried": connection.instant(tried),
            "at": connection.instant(starts),
            "kind": labels["conference_kind"].get(kind, kind),
            "drafted": drafted,
            "parents": [f"{first} {last}" for first, last, *_ in parents[key]],
            "languages": ", ".join(
                labels["language"].get(code, code)
                for code in dict.fromkeys(one[2] for one in parents[key])
                if code
            ),
            "care": any(
                note or any(may is not None and not may for may in mays)
                for _, _, _, *mays, note in parents[key]
            ),
        }
        for key, public_id, name, state, made, tried, starts, kind, drafted in found
    ]
    return {"rows": rows, "today": now.astimezone(NEW_YORK).date()}


PAGES = {
    "queue": queue,
    "list": list_,
    "caseload": caseload,
    "family": family,
    "search": search,
}
