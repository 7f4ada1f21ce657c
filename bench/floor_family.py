"""What the floor looks up for a family's page."""

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bench.raw import Connection
from parents_partners.advocates.queries.timeline import KNOWN_TO_ALL
from parents_partners.advocates.types import (
    ActivityMode,
    AssignmentState,
    ServiceState,
    SupportKind,
)
from parents_partners.audit.sentences import sentence
from parents_partners.audit.types import Event
from parents_partners.cases.types import (
    Borough,
    CaseStage,
    ConsentScope,
    Relationship,
    Setting,
)
from parents_partners.core.words import age_on, joined_words

NEW_YORK = ZoneInfo("America/New_York")
TIMELINE = 30
_SHOWN = sorted(event.value for event in KNOWN_TO_ALL)


def family(connection: Connection, public_id: str, _asked: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    today = now.astimezone(NEW_YORK).date()
    ((case, name, number, stage, borough, agency, agency_phone),) = connection.rows(
        'SELECT id, name, number, stage, borough, agency, agency_phone FROM "case"'
        " WHERE public_id = ?",
        public_id,
    )
    labels: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for list_name, code, label in connection.rows(
        "SELECT list_name, code, label FROM list_item WHERE list_name IN"
        " ('conference_kind', 'language', 'outcome', 'service_kind')"
    ):
        labels[list_name][code] = label
    instant = connection.instant
    consents: defaultdict[int, dict[str, tuple[Any, ...]]] = defaultdict(dict)
    for person, scope, asked_by, asked_on, confirmed in connection.rows(
        "SELECT person_id, scope, asked_by, asked_on, confirmed_at FROM consent"
        " WHERE case_id = ? AND withdrawn_at IS NULL",
        case,
    ):
        consents[person][scope] = (asked_by, connection.day(asked_on), instant(confirmed))
    stints = [
        {"specialist": row[0], "state": AssignmentState(row[1]), "accepted": instant(row[2]),
         "first": instant(row[3]), "ended": instant(row[4]), "person": row[6],
         "outcome": labels["outcome"].get(row[5])}
        for row in connection.rows(
            "SELECT u.name, a.state, a.accepted_at, a.first_contact_at, a.ended_at, a.outcome,"
            ' p.person_id FROM assignment a JOIN "user" u ON u.id = a.specialist_id'
            " LEFT JOIN assigned_parent p ON p.assignment_id = a.id AND p.released_at IS NULL"
            " WHERE a.case_id = ? AND a.state IN ('accepted', 'in_contact', 'ended')"
            " ORDER BY a.offered_at DESC",
            case,
        )
    ]  # fmt: skip
    parents, children, names = [], [], {}
    for row in connection.rows(
        "SELECT p.id, p.public_id, p.first_name, p.last_name, m.role, m.relationship_to_child,"
        " p.phone, p.phone_e164, p.email, p.preferred_language, p.interpreter_needed,"
        " p.may_leave_voicemail, p.date_of_birth, l.setting, l.agency, l.removed_at, l.placed_at"
        " FROM membership m JOIN person p ON p.id = m.person_id LEFT JOIN placement l ON"
        " l.person_id = p.id AND l.ended_at IS NULL WHERE m.case_id = ? ORDER BY m.id",
        case,
    ):
        (key, person_id, first, last, role, relationship, phone, dial, email, language,
         interpreter, voicemail, born, setting, placed_with, removed, placed) = row  # fmt: skip
        names[key] = f"{first} {last}"
        if role == "parent":
            parents.append(
                {"id": key, "public_id": person_id, "name": names[key],
                 "relationship": Relationship(relationship).label if relationship else None,
                 "phone": phone, "dial": dial, "email": email,
                 "language": labels["language"].get(language, language),
                 "interpreter": interpreter, "no_message": voicemail is not None and not voicemail,
                 "consents": consents[key],
                 "supported_by": [one["specialist"] for one in stints if one["person"] == key]}
            )  # fmt: skip
        else:
            day = connection.day(born)
            children.append(
                {"name": names[key], "age": age_on(today, day) if day else None,
                 "setting": Setting(setting or "unknown").label, "agency": placed_with,
                 "removed": instant(removed), "placed": instant(placed), "born": born or ""}
            )  # fmt: skip
    return {
        "name": name, "number": number, "stage": CaseStage(stage).label, "public_id": public_id,
        "borough": Borough(borough).label if borough else None, "agency": agency,
        "agency_phone": agency_phone, "parents": parents, "scopes": ConsentScope,
        "children": sorted(children, key=lambda child: child["born"]), "stints": stints,
        "names": names,
        "today": today,
        "conferences": [
            {"kind": labels["conference_kind"].get(kind, kind), "at": instant(at), "place": place,
             "ahead": instant(at) >= now, "id": key}  # type: ignore[operator]
            for key, kind, at, place in connection.rows(
                "SELECT public_id, kind, starts_at, place FROM conference WHERE case_id = ?"
                " ORDER BY starts_at", case,
            )
        ],
        "tasks": [
            (key, what, connection.day(due_on), owner)
            for key, what, due_on, owner in connection.rows(
                'SELECT t.public_id, t.what, t.due_on, u.name FROM task t JOIN "user" u'
                " ON u.id = t.owner_id WHERE t.case_id = ? AND t.state = 'open' ORDER BY t.due_on",
                case,
            )
        ],
        "services": [
            (key, labels["service_kind"].get(kind, kind), ServiceState(state).label, f"{one} {two}")
            for key, kind, state, one, two in connection.rows(
                "SELECT s.public_id, s.kind, s.state, p.first_name, p.last_name FROM"
                " service_referral s JOIN person p ON p.id = s.person_id WHERE s.case_id = ?"
                " ORDER BY s.id DESC", case,
            )
        ],
        "professionals": connection.rows(
            "SELECT name, title, organisation, phone, email FROM professional WHERE case_id = ?"
            " ORDER BY id", case,
        ),
        "referrals": [
            (key, reference, instant(received))
            for key, reference, received, _ in connection.rows(
                "SELECT r.public_id, r.reference, r.received_at, s.document -> 'parents' FROM"
                " referral r JOIN submission s ON s.referral_id = r.id WHERE r.case_id = ?"
                " ORDER BY r.received_at DESC", case,
            )
        ],
        **_timeline(connection, case, labels),
    }  # fmt: skip


def _timeline(connection: Connection, case: int, labels: Any) -> dict[str, Any]:
    instant = connection.instant
    gathered = "group_concat" if connection.is_sqlite else "string_agg"
    happened = [
        {"at": instant(at), "mode": ActivityMode(mode).label, "minutes": minutes, "made": made,
         "by": by, "note": note,
         "kinds": [SupportKind(kind).label for kind in (kinds or "").split(",")],
         "people": [int(key) for key in (people or "").split(",") if key]}
        for at, mode, minutes, made, by, note, kinds, people in connection.rows(
            "SELECT a.happened_at, a.mode, a.minutes, a.made, u.name, n.text,"
            f" (SELECT {gathered}(kind, ',') FROM activity_kind WHERE activity_id = a.id),"
            f" (SELECT {gathered}(CAST(person_id AS text), ',') FROM activity_participant"
            "  WHERE activity_id = a.id)"
            ' FROM activity a JOIN "user" u ON u.id = a.logged_by_id'
            " LEFT JOIN activity_note n ON n.activity_id = a.id WHERE a.case_id = ?"
            f" ORDER BY a.happened_at DESC, a.id DESC LIMIT {TIMELINE + 1}",
            case,
        )
    ]  # fmt: skip
    for at, event, detail, by, subject, key in connection.rows(
        "SELECT e.at, e.event, e.detail, u.name, e.subject, e.subject_id FROM audit_event e"
        ' LEFT JOIN "user" u ON u.id = e.actor_id WHERE e.case_id = ? AND e.event IN'
        f" ({connection.marks(_SHOWN)}) ORDER BY e.at DESC, e.id DESC LIMIT {TIMELINE + 1}",
        case,
        *_SHOWN,
    ):
        said = connection.document(detail)
        words = {}
        if "kind" in said:
            words["kind"] = labels["conference_kind"].get(said["kind"], said["kind"])
        if "scopes" in said:
            words["scope"] = joined_words([ConsentScope(code).label for code in said["scopes"]])
        happened.append(
            {"at": instant(at), "about": key if subject == "person" else None,
             "sentence": sentence(Event(event), actor_name=by, detail=words)}
        )  # fmt: skip
    happened.sort(key=lambda one: one["at"], reverse=True)
    return {"happened": happened[:TIMELINE], "more": len(happened) > TIMELINE}
