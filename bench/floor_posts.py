"""What the floor does with what is sent: read it, write its rows, one transaction."""

import json
import secrets
from datetime import UTC, datetime
from typing import Any

from bench.raw import Connection

Sent = dict[str, list[str]]


def submit(connection: Connection, draft: str, _sent: Sent) -> None:
    """The draft becomes a referral."""
    connection.rows("BEGIN IMMEDIATE" if connection.is_sqlite else "BEGIN")
    ((key, written, owner, organisation),) = connection.rows(
        'SELECT d.id, d.document, d.owner_id, u.organisation_id FROM draft d JOIN "user" u ON'
        " u.id = d.owner_id WHERE d.public_id = ?",
        draft,
    )
    document = connection.document(written)
    now = datetime.now(UTC)
    at, case, parents = connection.stored(now), document["case"], document["parents"]
    ((number,),) = connection.rows(
        "INSERT INTO reference_counter (year, last_number) VALUES (?, 1) ON CONFLICT (year)"
        " DO UPDATE SET last_number = reference_counter.last_number + 1 RETURNING last_number",
        now.year,
    )
    ((referral,),) = connection.rows(
        "INSERT INTO referral (public_id, reference, channel, state, organisation_id, sender_key,"
        " submission_key, body_hash, submitted_by_id, received_at, recorded_at, case_name,"
        " number_key, stage, borough, language, version) VALUES"
        f" ({connection.marks([None] * 17)}) RETURNING id",
        secrets.token_hex(10), f"PP-{now.year}-{number:06d}", "online", "submitted", organisation,
        "organisation", draft, "", owner, at, at, case["name"], case["number"], case["stage"],
        case["borough"], parents[0]["preferred_language"], 1,
    )  # fmt: skip
    connection.rows(
        "INSERT INTO submission (referral_id, document, notes) VALUES (?, ?, '[]')",
        referral, json.dumps(document),
    )  # fmt: skip
    keys: list[tuple[Any, ...]] = [(referral, "number", "case", case["number"])]
    for parent in parents:
        keys.append((referral, "name", "parent", f"{parent['first_name']} {parent['last_name']}"))
        keys.append((referral, "phone", "parent", parent["phone"]))
    for child in document["children"]:
        keys.append((referral, "name", "child", f"{child['first_name']} {child['last_name']}"))
    connection.many(
        'INSERT INTO referral_key (referral_id, kind, "of", value) VALUES (?, ?, ?, ?)', keys
    )
    for conference in document["conferences"]:
        starts = datetime.fromisoformat(conference["starts_at"]).astimezone(UTC)
        connection.rows(
            "INSERT INTO referral_conference (referral_id, kind, starts_at) VALUES (?, ?, ?)",
            referral, conference["kind"], connection.stored(starts),
        )  # fmt: skip
    connection.rows("DELETE FROM draft WHERE id = ?", key)
    connection.rows("COMMIT")


def activity(connection: Connection, family: str, sent: Sent) -> None:
    connection.rows("BEGIN IMMEDIATE" if connection.is_sqlite else "BEGIN")
    ((case, stint, specialist),) = connection.rows(
        'SELECT c.id, a.id, a.specialist_id FROM "case" c JOIN assignment a ON a.case_id = c.id'
        " AND a.state IN ('accepted', 'in_contact') WHERE c.public_id = ? LIMIT 1",
        family,
    )
    now = connection.stored(datetime.now(UTC))
    ((key,),) = connection.rows(
        "INSERT INTO activity (public_id, assignment_id, case_id, happened_at, minutes, mode,"
        " made, logged_at, logged_by_id, submission_key) VALUES"
        f" ({connection.marks([None] * 10)}) RETURNING id",
        secrets.token_hex(10), stint, case, now, int(sent["length"][0]), sent["mode"][0],
        sent["made"][0] == "yes", now, specialist, sent["submission_key"][0],
    )  # fmt: skip
    connection.many(
        "INSERT INTO activity_kind (activity_id, kind) VALUES (?, ?)",
        [(key, kind) for kind in sent["kinds"]],
    )
    people = connection.rows(
        "SELECT p.id FROM person p JOIN membership m ON m.person_id = p.id WHERE m.case_id = ?"
        f" AND p.public_id IN ({connection.marks(sent['participants'])})",
        case, *sent["participants"],
    )  # fmt: skip
    connection.many(
        "INSERT INTO activity_participant (activity_id, person_id) VALUES (?, ?)",
        [(key, person) for (person,) in people],
    )
    connection.rows(
        "INSERT INTO activity_note (activity_id, text) VALUES (?, ?)", key, sent["note"][0]
    )
    connection.rows("COMMIT")


POSTS = {"submit": submit, "activity": activity}
