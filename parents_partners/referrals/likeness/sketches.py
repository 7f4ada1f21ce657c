"""A family as a referral's document describes it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from parents_partners.cases.types import Relationship
from parents_partners.core.text import case_number_key, phone_e164
from parents_partners.referrals.likeness.types import Sketch, Somebody
from parents_partners.referrals.types import AgreementAnswer, KeyOf


def sketch_of(document: Mapping[str, Any]) -> Sketch:
    """Of a stored document, which was read and judged when it came in: reading sixty of them
    again in full would take longer than all that is compared. Parents who did not agree are left
    out whatever stands there (REF-03)."""
    number = document["case"].get("number")
    key = case_number_key(number) if number else ""
    agreeing = [
        parent
        for parent in document["parents"]
        if parent["agreement"]["answer"] == AgreementAnswer.AGREED
    ]
    parents = [_parent(str(place), said) for place, said in enumerate(agreeing)]
    children = [_child(str(place), said) for place, said in enumerate(document["children"])]
    return Sketch({key: number} if key else {}, (*parents, *children))


def _parent(key: str, said: Mapping[str, Any]) -> Somebody:
    relationship = said.get("relationship")
    return Somebody(
        of=KeyOf.PARENT,
        key=key,
        first_name=said["first_name"],
        last_name=said["last_name"],
        phones=phones_of(said.get("phone")),
        relationship=Relationship(relationship).label if relationship else None,
    )


def _child(key: str, said: Mapping[str, Any]) -> Somebody:
    born = said.get("date_of_birth")
    return Somebody(
        of=KeyOf.CHILD,
        key=key,
        first_name=said["first_name"],
        last_name=said["last_name"],
        born=date.fromisoformat(born) if born else None,
    )


def phones_of(*typed: str | None) -> dict[str, str]:
    """Those that can be read, by their E.164 form."""
    return {key: number for number in typed if number and (key := phone_e164(number))}
