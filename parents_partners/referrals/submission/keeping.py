"""A submission as it may be kept, a refused line as it may be given back, and the hash by which
the same document is known again."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum

from parents_partners.cases.types import Relationship
from parents_partners.referrals.submission.part import code_of
from parents_partners.referrals.submission.types import AgreeingParent, ParentAnswer, Submission
from parents_partners.referrals.types import AgreementAnswer

REMOVED = "[removed]"

_VALUE = "a value, not an object or a list"
_PERSON = dict.fromkeys(("name", "title", "organization", "phone", "email"), _VALUE)
_PARENT: dict[str, object] = {
    "first_name": _VALUE,
    "last_name": _VALUE,
    "relationship": _VALUE,
    "phone": _VALUE,
    "email": _VALUE,
    "preferred_language": _VALUE,
    "interpreter_needed": _VALUE,
    "safe_contact": dict.fromkeys(("voicemail", "text", "email", "mail", "note"), _VALUE),
    "agreement": {
        "answer": _VALUE,
        "asked_by": _VALUE,
        "asked_on": _VALUE,
        "how": _VALUE,
        "scope": [_VALUE],
    },
}
_ABOUT_THE_FAMILY: dict[str, object] = {
    "programme_discussed": dict.fromkeys(
        ("on", "by", "brochure_given", "brochure_language"), _VALUE
    ),
    "case": {
        "name": _VALUE,
        "number": _VALUE,
        "stage": _VALUE,
        "opened_on": _VALUE,
        "borough": _VALUE,
        "agency": _VALUE,
        "agency_phone": _VALUE,
        "caseworker": _PERSON,
    },
    "children": [
        dict.fromkeys(
            (
                "first_name",
                "last_name",
                "date_of_birth",
                "setting",
                "removed_at",
                "placed_at",
                "placement_agency",
            ),
            _VALUE,
        )
    ],
    "conferences": [dict.fromkeys(("kind", "starts_at", "place", "link"), _VALUE)],
    "history": dict.fromkeys(("issues", "progress", "stage"), _VALUE),
    "reasons": [_VALUE],
}
_ABOUT_THE_SENDING: dict[str, object] = {
    "external_id": _VALUE,
    "channel": _VALUE,
    "received_at": _VALUE,
    "referrer": _PERSON,
}


def redacted(submission: Submission) -> dict[str, object]:
    """The document as it may be kept, in the schema's form: of a parent who did not agree only
    relationship and answer remain (REF-03). Instants are in UTC with their offset. Reading it
    again gives the same submission."""
    document = _plain_fields(submission)
    document["parents"] = [_parent(parent) for parent in submission.parents]
    return document


def redacted_line(document: object) -> object:
    """Any JSON value as it may stand in a file of refused lines: a parent who has not said
    exactly "agreed" keeps relationship and answer, and what the schema does not know loses its
    value. Where nobody agreed, nothing about the family remains at all (REF-03)."""
    if not isinstance(document, dict):
        return REMOVED
    parents = document.get("parents")
    somebody_agreed = isinstance(parents, list) and any(_has_agreed(parent) for parent in parents)
    shape = _ABOUT_THE_SENDING | (_ABOUT_THE_FAMILY if somebody_agreed else {})
    line: dict[str, object] = {}
    for name, value in document.items():
        if name == "parents" and isinstance(value, list):
            line[name] = [_refused_parent(parent) for parent in value]
        else:
            line[name] = _shaped(value, shape[name]) if name in shape else REMOVED
    return line


def canonical(document: object) -> bytes:
    """The one way to write this document, whatever the order of its properties. For documents
    that were accepted."""
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode("ascii")


def keyed_hash(document: object, secret: bytes) -> str:
    """Tells whether a document came before without keeping what it said."""
    return hmac.new(secret, canonical(document), hashlib.sha256).hexdigest()


def _parent(parent: ParentAnswer) -> dict[str, object]:
    if not isinstance(parent, AgreeingParent):
        kept = {"relationship": _plain(parent.relationship)} if parent.relationship else {}
        return {**kept, "agreement": {"answer": parent.answer.value}}
    document = _plain_fields(parent)
    agreement = {
        name: document.pop(name) for name in ("answer", "asked_by", "asked_on", "how", "scope")
    }
    return {**document, "agreement": agreement}


def _plain_fields(record: object) -> dict[str, object]:
    if not is_dataclass(record):
        raise TypeError(record)
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    return {name: _plain(value) for name, value in values.items() if value is not None}


def _plain(value: object) -> object:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(str(item) for item in value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return _plain_fields(value) if is_dataclass(value) else value


def _has_agreed(parent: object) -> bool:
    return isinstance(parent, dict) and _answer(parent) is AgreementAnswer.AGREED


def _answer(parent: Mapping[str, object]) -> AgreementAnswer | None:
    agreement = parent.get("agreement")
    answer = agreement.get("answer") if isinstance(agreement, dict) else None
    return code_of(answer, AgreementAnswer)


def _refused_parent(parent: object) -> object:
    if not isinstance(parent, dict):
        return REMOVED
    if _has_agreed(parent):
        return _shaped(parent, _PARENT)
    kept: dict[str, object] = {}
    if "relationship" in parent:
        kept["relationship"] = code_of(parent["relationship"], Relationship) or REMOVED
    return {**kept, "agreement": {"answer": _answer(parent) or REMOVED}}


def _shaped(value: object, shape: object) -> object:
    """What of a value has the shape; the rest is replaced. As deep as the shape, no deeper."""
    if value is None:
        return None
    if isinstance(shape, dict) and isinstance(value, dict):
        return {
            name: _shaped(item, shape[name]) if name in shape else REMOVED
            for name, item in value.items()
        }
    if isinstance(shape, list) and isinstance(value, list):
        return [_shaped(item, shape[0]) for item in value]
    if shape == _VALUE and not isinstance(value, dict | list):
        return value
    return REMOVED
