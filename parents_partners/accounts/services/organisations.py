"""Organisations, and the spellings under which they are known. A link between two is a pointer
and nothing else: what came in under a spelling stays under it, so that a link can be undone."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from parents_partners.accounts.models import Organisation, User
from parents_partners.accounts.services.naming import checked_name, organisation_named
from parents_partners.accounts.types import Actor, OrganisationCommand, OrganisationKind
from parents_partners.audit.queries import last_change
from parents_partners.audit.services import record
from parents_partners.audit.types import Event
from parents_partners.core.db import db, unless_taken
from parents_partners.core.errors import AlreadyDone, Refused
from parents_partners.core.text import clean, fold
from parents_partners.core.words import count_words

NAME = "The organisation's name"


def add_organisation(
    name: str, kind: OrganisationKind, *, actor: Actor, now: datetime
) -> Organisation:
    """Raises Refused where the name cannot be kept or is known already, however it is written."""
    name = checked_name(name, NAME)
    _refuse_known(organisation_named(name))
    organisation = Organisation(name=name, name_key=fold(name), kind=kind)
    with unless_taken(lambda: _refuse_known(organisation_named(name))):
        db.session.add(organisation)
    record(Event.ORGANISATION_CREATED, organisation, actor=actor, now=now, kind=kind.value)
    return organisation


def known_or_new_organisation(name: str, *, actor: Actor, now: datetime) -> Organisation:
    """The organisation that a sender names, compared without case and accents; made without
    accounts where nobody has heard of it, to be sorted later. A spelling stays what it is: whom
    it means, its link says."""
    return organisation_named(clean(name)) or add_organisation(
        name, OrganisationKind.UNKNOWN, actor=actor, now=now
    )


def change_organisation(
    organisation: Organisation,
    command: OrganisationCommand,
    *,
    seen: OrganisationCommand,
    actor: Actor,
    now: datetime,
) -> None:
    """Rename it, or sort it into a kind. The former name stays as a spelling of it: who still
    writes it means the same organisation. `seen` is what the administrator had before them.

    Raises AlreadyDone if somebody changed it since, Refused for a name that another one has, and
    for a spelling, whose name is what somebody wrote."""
    name = checked_name(command.name, NAME)
    _hold(organisation)
    if seen != OrganisationCommand(organisation.name, organisation.kind):
        raise _already_done("This organisation was changed.", organisation)
    if organisation.same_as_id is not None:
        raise Refused({"name": "This is a spelling of another organisation. Undo the link first."})
    known = organisation_named(name)
    if known is not None and organisation.id not in (known.id, known.same_as_id):
        _refuse_known(known)
    former = organisation.name, organisation.name_key, organisation.kind
    changed = [
        field
        for field, before, after in zip(
            ("name", "kind"), former[::2], (name, command.kind), strict=True
        )
        if before != after
    ]
    if not changed:
        return
    with unless_taken(lambda: _refuse_known(organisation_named(name))):
        organisation.kind = command.kind
        if known is organisation:
            organisation.name = name
        else:
            _take_name(organisation, name, known, actor=actor, now=now)
    kinds: dict[str, Any] = {"kind_from": former[2].value, "kind_to": command.kind.value}
    record(
        Event.ORGANISATION_CHANGED,
        organisation,
        actor=actor,
        now=now,
        fields=changed,
        **(kinds if "kind" in changed else {}),
    )
    db.session.flush()


def link_spelling(
    spelling: Organisation, organisation: Organisation, *, actor: Actor, now: datetime
) -> None:
    """Say that `spelling` is only another spelling of `organisation`. What came in under it is
    from now on what the organisation sent, for its referrers and in every filter.

    One level only. Raises AlreadyDone where it is linked, Refused where a rule forbids it."""
    _hold(spelling, organisation)
    if spelling.same_as_id is not None:
        raise _already_done("This spelling is linked already.", spelling)
    if words := _why_not(spelling, organisation):
        raise Refused({"organisation": words})
    spelling.same_as_id = organisation.id
    record(
        Event.ORGANISATION_LINKED,
        spelling,
        actor=actor,
        now=now,
        organisation_id=organisation.id,
    )
    db.session.flush()


def unlink_spelling(spelling: Organisation, *, actor: Actor, now: datetime) -> None:
    """Take the link back: everything that came in under the spelling is its own again. Raises
    AlreadyDone where there is none."""
    _hold(spelling)
    if spelling.same_as_id is None:
        raise _already_done("This spelling is not linked any more.", spelling)
    former = spelling.same_as_id
    spelling.same_as_id = None
    record(Event.ORGANISATION_UNLINKED, spelling, actor=actor, now=now, organisation_id=former)
    db.session.flush()


def _why_not(spelling: Organisation, organisation: Organisation) -> str | None:
    if spelling is organisation:
        return "Choose another organisation: this is the one itself."
    if organisation.same_as_id is not None:
        return "That is only a spelling itself. Choose the organisation that it means."
    if _count(Organisation, Organisation.same_as_id == spelling.id):
        return "Other spellings are linked to this one. Undo those links first."
    if people := _count(User, User.organisation_id == spelling.id):
        have = "has an account" if people == 1 else "have accounts"
        return (
            f"{count_words(people, 'person', 'people').capitalize()} {have} with this name. Move"
            " them to the organisation that it means first."
        )
    return None


def _take_name(
    organisation: Organisation,
    name: str,
    spelling: Organisation | None,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Change the name, and keep the former one as a spelling. `spelling` is that of the new name
    if there was one: the two change places."""
    former, former_key = organisation.name, organisation.name_key
    kept = spelling or Organisation(
        name=former, name_key=former_key, kind=organisation.kind, same_as=organisation
    )
    if spelling is not None:
        # A key is unique at every moment: one steps aside while the two change places.
        spelling.name_key = f"{former_key} ({organisation.public_id})"
        db.session.flush()
    organisation.name, organisation.name_key = name, fold(name)
    db.session.flush()
    kept.name, kept.name_key = former, former_key
    db.session.add(kept)
    db.session.flush()
    if spelling is None:
        record(
            Event.ORGANISATION_LINKED,
            kept,
            actor=actor,
            now=now,
            organisation_id=organisation.id,
        )


def _hold(*organisations: Organisation) -> None:
    """Hold them, always in the same order, and look again: two links at one moment must not
    make a ring."""
    ids = [one.id for one in organisations]
    db.session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(ids))
        .order_by(Organisation.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def _count(model: type[Organisation] | type[User], condition: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(condition)) or 0


def _refuse_known(known: Organisation | None) -> None:
    if known is not None:
        raise Refused({"name": f"There is already an organisation of this name: {known.name}."})


def _already_done(what: str, spelling: Organisation) -> AlreadyDone:
    last = last_change(subject=Organisation.__tablename__, subject_id=spelling.id)
    if last is None:
        return AlreadyDone(what, by=None, at=None)
    return AlreadyDone(what, by=last.by, by_id=last.by_id, at=last.at)
