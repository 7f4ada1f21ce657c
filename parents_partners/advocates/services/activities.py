"""Writing down what was done with a family (ADV-02)."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    Delete,
    Exists,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    delete,
    exists,
    not_,
    or_,
    select,
    update,
)

from parents_partners.accounts.types import Actor
from parents_partners.advocates.lifecycle import ASSIGNMENT_LIFECYCLE, CARRIED
from parents_partners.advocates.models import (
    Activity,
    ActivityDraft,
    ActivityKind,
    ActivityNote,
    ActivityParticipant,
    AssignedParent,
    Assignment,
)
from parents_partners.advocates.services.taking_part import (
    A_MINUTE,
    TakesPart,
    who_took_part,
    withdrawn_before,
)
from parents_partners.advocates.services.transitions import move, overtaken
from parents_partners.advocates.types import ActivityCommand, AssignmentAction
from parents_partners.audit import services as audit
from parents_partners.audit.types import Event
from parents_partners.cases.services.consents import hold_case
from parents_partners.core.db import Instant, add_rows, db, only_row, rows
from parents_partners.core.errors import Refused

# A phone's clock may be a little ahead of ours.
CLOCKS_DIFFER = timedelta(minutes=5)


class LoggedOtherwise(Exception):
    """This entry was saved before, with other content."""


def log_activity(
    assignment: Assignment, command: ActivityCommand, *, actor: Actor, now: datetime
) -> Activity:
    """Write an activity down, in the stint of this specialist that was in force when it happened
    (pitfall 4); of two that were, in that of a parent who took part. The first contact that was
    made with a parent of a stint moves it on.

    The same `submission_key` again gives the entry that is there. Raises LoggedOtherwise if that
    one says something else, Refused if a rule is broken."""
    hold_case(assignment.case_id)
    if (logged := _logged_before(assignment, command, actor)) is not None:
        return logged
    taking_part = who_took_part(assignment.case_id, command.participants)
    stints = _stints_at(assignment, command.happened_at)
    _check(command, taking_part, supported=bool(stints), now=now)
    people = {one.id for one in taking_part}
    of_these_parents = [stint_id for stint_id, parents in stints.items() if parents & people]
    activity = Activity(
        assignment_id=next(iter(of_these_parents or stints)),
        case_id=assignment.case_id,
        happened_at=command.happened_at,
        minutes=command.minutes,
        mode=command.mode,
        made=command.made,
        logged_at=now,
        logged_by_id=actor.id,
        submission_key=command.submission_key,
    )
    db.session.add(activity)
    db.session.flush()
    its = {"activity_id": activity.id}
    add_rows(ActivityKind, [its | {"kind": kind} for kind in sorted(command.kinds)])
    add_rows(ActivityParticipant, [its | {"person_id": one.id} for one in taking_part])
    if command.note:
        add_rows(ActivityNote, [its | {"text": command.note}])
    audit.record(
        Event.ACTIVITY_LOGGED,
        activity,
        actor=actor,
        now=now,
        case_id=activity.case_id,
        made=activity.made,
        mode=activity.mode.value,
    )
    if command.made:
        for stint_id in of_these_parents:
            stint = db.session.get_one(Assignment, stint_id)
            _note_first_contact(stint, activity, actor=actor, now=now)
    db.session.flush()
    return activity


def keep_draft(
    assignment: Assignment, document: dict[str, list[str]], *, actor: Actor, now: datetime
) -> None:
    """Keep what was typed so far, unjudged: field name -> values. What was logged meanwhile is no
    draft any more: a late save of the page that logged it must not bring it back.

    Raises AlreadyDone if the support ended meanwhile: nobody could reach the draft any more."""
    hold_case(assignment.case_id)
    if db.session.scalar(select(_goes_on(assignment))) is not True:
        raise overtaken(
            "This support is over.",
            case_id=assignment.case_id,
            subject=Assignment.__tablename__,
            subject_id=assignment.id,
        )
    logged = select(Activity.id).where(
        Activity.submission_key.in_(document.get("submission_key", []))
    )
    if db.session.scalar(logged) is not None:
        return
    db.session.merge(
        ActivityDraft(
            specialist_id=actor.id,
            case_id=assignment.case_id,
            document=dict(document),
            updated_at=now,
        )
    )
    db.session.flush()


def draft_of(assignment: Assignment, *, viewer: Actor) -> dict[str, list[str]] | None:
    """What this specialist has typed of an activity with this family, and not logged."""
    draft = db.session.get(ActivityDraft, (viewer.id, assignment.case_id))
    return None if draft is None else cast("dict[str, list[str]]", draft.document)


def drop_draft(assignment: Assignment, *, actor: Actor) -> None:
    """What was typed is logged, or not wanted any more."""
    db.session.execute(_draft_dropped(), {"specialist": actor.id, "case": assignment.case_id})


@cache
def _draft_dropped() -> Delete:
    return (
        delete(ActivityDraft)
        .where(
            ActivityDraft.specialist_id == bindparam("specialist", type_=Integer),
            ActivityDraft.case_id == bindparam("case", type_=Integer),
        )
        .execution_options(synchronize_session="evaluate")
    )


def drop_drafts_without_support(ended: Assignment) -> None:
    """What the specialist typed goes with the stint, unless another of theirs with this family
    goes on: nobody could reach it any more."""
    db.session.execute(
        delete(ActivityDraft)
        .where(
            ActivityDraft.case_id == ended.case_id,
            ActivityDraft.specialist_id == ended.specialist_id,
            not_(_goes_on(ended)),
        )
        .execution_options(synchronize_session="fetch")
    )


def _goes_on(stint: Assignment) -> Exists:
    """Whether its specialist supports the family, in this stint or another."""
    return exists().where(
        Assignment.case_id == stint.case_id,
        Assignment.specialist_id == stint.specialist_id,
        Assignment.state.in_(CARRIED),
    )


def _logged_before(
    assignment: Assignment, command: ActivityCommand, actor: Actor
) -> Activity | None:
    found = only_row(_under_submission_key(), {"key": command.submission_key})
    if found is None:
        return None
    logged = db.session.get_one(Activity, found.id)
    if logged.logged_by_id != actor.id or logged.case_id != assignment.case_id:
        raise Refused("This entry cannot be saved. Open the family's page and begin anew.")
    same = (
        {entry.kind for entry in logged.kinds} == command.kinds
        and {entry.person.public_id for entry in logged.participants} == command.participants
        and (logged.happened_at, logged.minutes, logged.mode, logged.made)
        == (command.happened_at, command.minutes, command.mode, command.made)
        and (logged.note.text if logged.note else "") == command.note
    )
    if not same:
        raise LoggedOtherwise
    return logged


@cache
def _under_submission_key() -> Select[int]:
    return select(Activity.id).where(Activity.submission_key == bindparam("key", type_=String))


def _stints_at(assignment: Assignment, instant: datetime) -> dict[int, set[int]]:
    """This specialist's stints with the family at that time, by id, with whom each was for then:
    `assignment` before any other, then the latest."""
    found = rows(
        _stints(),
        {
            "case": assignment.case_id,
            "specialist": assignment.specialist_id,
            "begun": instant + A_MINUTE,
            "instant": instant,
        },
    )
    stints: dict[int, set[int]] = {}
    for stint_id, person_id in sorted(found, key=lambda row: row.id != assignment.id):
        parents = stints.setdefault(stint_id, set())
        if person_id is not None:
            parents.add(person_id)
    return stints


@cache
def _stints() -> Select[*tuple[Any, ...]]:
    """One row a parent, or one of a stint that had none at that time."""
    instant = bindparam("instant", type_=Instant)
    return (
        select(Assignment.id, AssignedParent.person_id)
        .outerjoin(
            AssignedParent,
            and_(
                AssignedParent.assignment_id == Assignment.id,
                or_(AssignedParent.released_at.is_(None), AssignedParent.released_at > instant),
            ),
        )
        .where(
            Assignment.case_id == bindparam("case", type_=Integer),
            Assignment.specialist_id == bindparam("specialist", type_=Integer),
            Assignment.accepted_at < bindparam("begun", type_=Instant),
            or_(Assignment.ended_at.is_(None), Assignment.ended_at > instant),
        )
        .order_by(Assignment.accepted_at.desc(), Assignment.id.desc())
    )


def _check(
    command: ActivityCommand, taking_part: list[TakesPart], *, supported: bool, now: datetime
) -> None:
    problems: dict[str, str] = {}
    if not command.kinds:
        problems["kinds"] = "Choose at least one kind of support."
    if command.happened_at > now + CLOCKS_DIFFER:
        problems["happened_at"] = "This is in the future. Give the time when it happened."
    elif not supported:
        problems["happened_at"] = (
            "You did not support this family at that time. Give a time after you accepted it."
        )
    least = 1 if command.made else 0
    if not least <= command.minutes <= 24 * 60:
        problems["minutes"] = f"Give the minutes as a number from {least} to 1440."
    if not taking_part:
        problems["participants"] = "Choose who took part, or whom you tried to reach."
    elif len(taking_part) != len(command.participants):
        problems["participants"] = "Choose only members of this family."
    elif supported and (withdrawn := withdrawn_before(taking_part, command.happened_at)):
        problems["participants"] = withdrawn
    if problems:
        raise Refused(problems)


def _note_first_contact(
    stint: Assignment, activity: Activity, *, actor: Actor, now: datetime
) -> None:
    """REF-06: the days to the first contact count from the earliest contact that was made with a
    parent of the stint, also if it is written down after a later one."""
    # It only ever moves back: what was later than a first contact that we knew of still is.
    known = stint.first_contact_at
    if known is not None and known <= activity.happened_at:
        return
    if ASSIGNMENT_LIFECYCLE.allows(AssignmentAction.MAKE_FIRST_CONTACT, stint.state):
        move(
            stint,
            AssignmentAction.MAKE_FIRST_CONTACT,
            actor=actor,
            now=now,
            first_contact_at=activity.happened_at,
        )
        return
    db.session.execute(
        update(Assignment)
        .where(
            Assignment.id == stint.id,
            or_(
                Assignment.first_contact_at.is_(None),
                Assignment.first_contact_at > activity.happened_at,
            ),
        )
        .values(first_contact_at=activity.happened_at, version=Assignment.version + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(stint)
