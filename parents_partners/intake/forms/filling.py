"""The buttons that fill in what is known already, so that nobody types it twice."""

from datetime import date
from typing import Any

from parents_partners.intake.forms.part import Step
from parents_partners.intake.types import Document

SHARED_BY_SIBLINGS = ("last_name", "setting", "removed_at", "placed_at", "placement_agency")


def fill(
    pressed: str | None, form: Step, document: Document, *, today: date
) -> tuple[Document, str | None]:
    """What was typed in a step, filled in, and the id of the field at which the reader goes on.
    `pressed` is the button's value; if none of these was pressed, nothing changes and the id is
    None."""
    typed = form.fragment()
    if pressed == "talk" and "programme_discussed" in form:
        return _with_own_talk(typed, today), "programme_discussed-by"
    if pressed == "caseworker" and "case" in form:
        return _with_own_details(typed, document), "case-caseworker-name"
    if pressed and "children" in form:
        return _with_sibling(pressed, form, typed)
    return typed, None


def _with_own_talk(typed: Document, today: date) -> Document:
    """Whoever refers has just talked with the parent."""
    talk = {**_part(typed, "programme_discussed"), "on": today.isoformat()}
    if name := _part(typed, "referrer").get("name"):
        talk["by"] = name
    return {**typed, "programme_discussed": talk}


def _with_own_details(typed: Document, document: Document) -> Document:
    """Whoever refers is the caseworker: their details, as they stand in the first step."""
    return {
        **typed,
        "case": {**_part(typed, "case"), "caseworker": document.get("referrer")},
    }


def _with_sibling(pressed: str, form: Step, typed: Document) -> tuple[Document, str | None]:
    """What brothers and sisters often share, where nothing else was typed."""
    rows: Any = form["children"]
    names = [entry.name for entry in rows.entries]
    place = names.index(pressed) if pressed in names else 0
    if place == 0:
        return typed, None
    children: Any = list(typed["children"])  # type: ignore[call-overload]
    before = children[place - 1]
    shared = {name: before[name] for name in SHARED_BY_SIBLINGS if name in before}
    children[place] = {**shared, **children[place]}
    return {**typed, "children": children}, f"children-{place}-date_of_birth"


def _part(document: Document, name: str) -> Document:
    part = document.get(name)
    return part if isinstance(part, dict) else {}
