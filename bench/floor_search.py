"""What the floor finds by a name: the same index, bounds, scope of a supervisor and order, in as
few statements as it takes."""

from collections import defaultdict
from typing import Any

from bench.raw import Connection
from parents_partners.advocates.types import AssignmentState
from parents_partners.core.text import fold
from parents_partners.referrals.types import KeyKind, Matched, ReferralState

ROWS, KEYS, HITS = 20, 400, 5000

_MATCHED = {KeyKind.NAME: Matched.NAME, KeyKind.CASE_NAME: Matched.CASE_NAME}
_STINT = "EXISTS (SELECT 1 FROM assignment WHERE case_id = r.case_id AND"
_OPEN = "state IN ('offered', 'accepted', 'in_contact'))"
_SEEN = f"""(r.state <> 'filed' OR {_STINT} unit_id = ? AND {_OPEN} OR NOT {_STINT} {_OPEN} AND (
    {_STINT} unit_id = ? AND state = 'ended') OR NOT {_STINT} state = 'ended')
    OR EXISTS (SELECT 1 FROM waiting WHERE case_id = r.case_id AND ended_at IS NULL)))"""


def search(connection: Connection, unit: str, asked: dict[str, list[str]]) -> dict[str, Any]:
    """What a supervisor of this unit finds by words of three letters and more."""
    words = fold(asked["words"][0]).split()
    one = "instr({value}, ?) > 0" if connection.is_sqlite else "{value} LIKE '%' || ? || '%'"
    contains = " AND ".join(one for _ in words)
    if connection.is_sqlite:
        hits = "SELECT rowid AS id FROM referral_key_search WHERE referral_key_search MATCH ?"
        wanted = [" AND ".join(f'"{piece}"' for piece in _pieces(words))]
    else:
        hits, wanted = f"SELECT id FROM referral_key WHERE {contains.format(value='value')}", words
    found = connection.rows(
        f"WITH every AS MATERIALIZED ({hits}),"
        f" hits AS (SELECT id FROM every ORDER BY id DESC LIMIT {HITS})"
        " SELECT k.kind, r.id, r.public_id, r.reference, r.case_name, r.received_at, r.state,"
        " r.case_id, (SELECT count(*) FROM hits) FROM referral_key k JOIN referral r ON"
        " r.id = k.referral_id WHERE k.id IN (SELECT id FROM hits) AND"
        f" {contains.format(value='k.value')} AND {_SEEN} ORDER BY k.id DESC LIMIT {KEYS}",
        *wanted,
        *words,
        int(unit),
        int(unit),
    )
    matched: defaultdict[tuple[str, int], set[Matched]] = defaultdict(set)
    rows = {}
    for kind, *row in found:
        if kind in _MATCHED:
            line = ("referral", row[0]) if row[-2] is None else ("family", row[-2])
            matched[line].add(_MATCHED[KeyKind(kind)])
            rows[line] = row
    best = sorted(rows, key=lambda line: -len(matched[line]))
    families = [key for kind, key in best if kind == "family"]
    referrals = [line for line in best if line[0] == "referral"]
    words_of = {line: [one.label for one in Matched if one in matched[line]] for line in best}
    hit_bounds = len(found) == KEYS or (bool(found) and found[0][-1] == HITS)
    return {
        "families": [
            family | {"matched": words_of["family", family["id"]]}
            for family in _families(connection, families[:ROWS])
        ],
        "referrals": [
            {
                "public_id": rows[line][1],
                "reference": rows[line][2],
                "name": rows[line][3],
                "received": connection.instant(rows[line][4]),
                "state": ReferralState(rows[line][5]),
                "matched": words_of[line],
            }
            for line in referrals[:ROWS]
        ],
        "more": hit_bounds or len(families) > ROWS or len(referrals) > ROWS,
        "words": asked["words"][0],
    }


def _pieces(words: list[str]) -> list[str]:
    return sorted({word[at : at + 3] for word in words for at in range(len(word) - 2)})


def _families(connection: Connection, ids: list[int]) -> list[dict[str, Any]]:
    """In the order given."""
    stints: defaultdict[int, list[tuple[str, AssignmentState]]] = defaultdict(list)
    for case, specialist, state in connection.rows(
        'SELECT a.case_id, u.name, a.state FROM assignment a JOIN "user" u ON'
        f" u.id = a.specialist_id WHERE a.case_id IN ({connection.marks(ids)}) AND a.state IN"
        " ('offered', 'accepted', 'in_contact') ORDER BY a.offered_at, a.id",
        *ids,
    ):
        stints[case].append((specialist, AssignmentState(state)))
    rows = {
        row[0]: row
        for row in connection.rows(
            "SELECT id, public_id, name, number, EXISTS (SELECT 1 FROM waiting w WHERE"
            ' w.case_id = "case".id AND w.ended_at IS NULL) FROM "case"'
            f" WHERE id IN ({connection.marks(ids)})",
            *ids,
        )
    }
    return [
        dict(zip(("id", "public_id", "name", "number", "waits"), rows[key], strict=True))
        | {"stints": stints[key]}
        for key in ids
    ]
