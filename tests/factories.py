"""Small functions that make what a test is about; everything not said is plain and valid.

They need the `session` fixture. What the product can do itself is done by its services."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from parents_partners.accounts.models import Organisation, Unit, User
from parents_partners.accounts.types import OrganisationKind, Role
from parents_partners.advocates.models import (
    Activity,
    ActivityKind,
    ActivityNote,
    ActivityParticipant,
    AssignedParent,
    Assignment,
    HandOver,
    HandOverNote,
    HandOverWords,
    ServiceReferral,
    ServiceStep,
    Specialist,
    Task,
    Waiting,
)
from parents_partners.advocates.types import (
    ActivityMode,
    AgeBand,
    AssignmentState,
    HandOverState,
    ServiceState,
    SupportKind,
    WaitingSince,
)
from parents_partners.cases.models import (
    Case,
    Conference,
    Consent,
    Membership,
    Person,
    Placement,
    Professional,
)
from parents_partners.cases.names import name_key
from parents_partners.cases.types import (
    Borough,
    CaseStage,
    ConsentScope,
    HowAsked,
    MembershipRole,
    Relationship,
    Setting,
)
from parents_partners.core.db import db
from parents_partners.core.reference import labels_of
from parents_partners.core.text import case_number_key, fold, phone_e164
from parents_partners.intake.models import Call, CallNote
from parents_partners.intake.types import Caller, CallKind, CallLine
from parents_partners.referrals.models import LookAlike, Message, Referral
from parents_partners.referrals.services import file, receive
from parents_partners.referrals.submission import Circumstances, read, read_received_at
from parents_partners.referrals.types import Likeness
from tests.documents import referral_document

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
"""Ten in the morning in New York, the day for which the sample referrals were written."""

TODAY = date(2026, 11, 21)
NEW_YORK = ZoneInfo("America/New_York")
PASSWORD = "correct horse battery staple"

_numbers = count(1)


def next_number() -> int:
    """A number that no other call of this run got, for what has to be unique."""
    return next(_numbers)


def make_organisation(
    name: str | None = None, kind: OrganisationKind = OrganisationKind.CONTRACT_AGENCY
) -> Organisation:
    name = name or f"Harborview Family Services {next_number()}"
    return _keep(Organisation(name=name, name_key=fold(name), kind=kind))


def make_unit(name: str | None = None) -> Unit:
    return _keep(Unit(name=name or f"Unit {next_number()}"))


def make_user(
    role: Role,
    *,
    organisation: Organisation | None = None,
    unit: Unit | None = None,
    **changes: Any,
) -> User:
    """An account that cannot sign in with a password; `make_password` gives it one."""
    if unit is None and role in (Role.SPECIALIST, Role.SUPERVISOR):
        unit = make_unit()
    if organisation is None:
        kind = OrganisationKind.PROGRAMME
        if role is Role.REFERRER:
            kind = OrganisationKind.CONTRACT_AGENCY
        organisation = make_organisation(kind=kind)
    number = next_number()
    values = {
        "email": f"{role.value}-{number}@example.org",
        "name": f"{role.label} {number}",
        "password": "no password",
        "created_at": NOW - timedelta(days=100),
    } | changes
    return _keep(User(role=role, organisation=organisation, unit=unit, **values))


def make_password(user: User) -> str:
    """Let this user sign in by the form. Slow on purpose (argon2): only where it is needed."""
    from flask_security import hash_password

    user.password = hash_password(PASSWORD)
    db.session.flush()
    return PASSWORD


def make_specialist(*, unit: Unit | None = None, user: User | None = None, **changes: Any) -> User:
    """A Family Specialist's account with a profile that fits any plain family."""
    user = user or make_user(Role.SPECIALIST, unit=unit)
    values = {
        "capacity": 10,
        "languages": ["en", "es"],
        "boroughs": [borough.value for borough in Borough],
        "age_bands": [band.value for band in AgeBand],
        "concerns_taken": [],
        "concerns_not_taken": [],
    } | changes
    _keep(Specialist(user_id=user.id, **values))
    return user


def make_person(first_name: str = "Luz", last_name: str = "Marte", **changes: Any) -> Person:
    phone = changes.get("phone")
    values = {
        "name_key": name_key(first_name, last_name),
        "phone_e164": phone_e164(phone) if phone else None,
        "preferred_language": "en",
    } | changes
    return _keep(Person(first_name=first_name, last_name=last_name, **values))


def make_case(name: str = "Marte, Luz", number: str | None = None, **changes: Any) -> Case:
    """A family's case, without people. `make_family` has some."""
    values = {
        "stage": CaseStage.FOSTER_CARE,
        "opened_on": TODAY - timedelta(days=20),
        "borough": Borough.BRONX,
        "agency": "Harborview Family Services",
        "created_at": NOW - timedelta(days=5),
    } | changes
    number = number or f"S-{next_number():06}"
    return _keep(Case(name=name, number=number, number_key=case_number_key(number), **values))


def make_parent(
    case: Case,
    first_name: str = "Luz",
    last_name: str = "Marte",
    *,
    scopes: tuple[ConsentScope, ...] = tuple(ConsentScope),
    **changes: Any,
) -> Person:
    """A parent of the case who allowed these scopes."""
    person = make_person(first_name, last_name, **{"phone": "(347) 555-0161"} | changes)
    _keep(
        Membership(
            case=case,
            person=person,
            role=MembershipRole.PARENT,
            relationship_to_child=Relationship.MOTHER,
        )
    )
    for scope in scopes:
        make_consent(case, person, scope)
    return person


def make_consent(case: Case, person: Person, scope: ConsentScope, **changes: Any) -> Consent:
    values = {
        "asked_by": "Denise Okafor-Reyes",
        "asked_on": TODAY - timedelta(days=7),
        "how": HowAsked.IN_PERSON,
        "wording_version": "2026-1",
        "recorded_at": NOW - timedelta(days=5),
    } | changes
    return _keep(Consent(case_id=case.id, person=person, scope=scope, **values))


def make_child(
    case: Case,
    first_name: str = "Yandel",
    last_name: str = "Marte",
    *,
    born_on: date | None = date(2016, 11, 10),
    setting: Setting = Setting.FAMILY_FOSTER_CARE,
) -> Person:
    """A child of the case who was removed ten days ago and placed the same day."""
    child = make_person(first_name, last_name, date_of_birth=born_on, preferred_language=None)
    _keep(Membership(case=case, person=child, role=MembershipRole.CHILD))
    _keep(
        Placement(
            case_id=case.id,
            person_id=child.id,
            setting=setting,
            agency=case.agency,
            removed_at=NOW - timedelta(days=10),
            placed_at=NOW - timedelta(days=10),
        )
    )
    return child


def make_conference(case: Case, *, days: int = 4, kind: str = "FTC", **changes: Any) -> Conference:
    """A conference this many days from NOW, at the same time of day."""
    values = {"place": "Third Avenue office", "starts_at": NOW + timedelta(days=days)} | changes
    return _keep(Conference(case=case, kind=kind, **values))


def make_family(name: str = "Marte, Luz", number: str | None = None, **changes: Any) -> Case:
    """A filed case: one parent who allowed everything, one child, a conference in four days and
    the agency's caseworker."""
    case = make_case(name, number, **changes)
    last_name = name.split(",")[0]
    make_parent(case, last_name=last_name)
    make_child(case, last_name=last_name)
    make_conference(case)
    _keep(
        Professional(
            case_id=case.id,
            capacity="caseworker",
            name="Denise Okafor-Reyes",
            organisation=case.agency,
            phone="(718) 555-0123",
        )
    )
    return case


def parents_of(case: Case) -> list[Person]:
    return [one.person for one in case.memberships if one.role is MembershipRole.PARENT]


def make_assignment(
    case: Case | None = None,
    specialist: User | None = None,
    *,
    state: AssignmentState = AssignmentState.ACCEPTED,
    parents: list[Person] | None = None,
    supervisor: User | None = None,
    **changes: Any,
) -> Assignment:
    """A stint in this state, for all parents of the case unless some are named: offered two days
    ago, accepted a day ago, first contact this morning, ended an hour ago."""
    case = case or make_family()
    specialist = specialist or make_specialist()
    supervisor = supervisor or make_user(Role.SUPERVISOR, unit=specialist.unit)
    offered_at = NOW - timedelta(days=2)
    values: dict[str, Any] = {"answer_by": offered_at + timedelta(days=1)}
    if state in (AssignmentState.ACCEPTED, AssignmentState.IN_CONTACT, AssignmentState.ENDED):
        values["accepted_at"] = NOW - timedelta(days=1)
    if state in (AssignmentState.IN_CONTACT, AssignmentState.ENDED):
        values["first_contact_at"] = NOW - timedelta(hours=3)
    if state is AssignmentState.ENDED:
        values |= {"ended_at": NOW - timedelta(hours=1), "outcome": "goals_reached"}
    if state in (AssignmentState.DECLINED, AssignmentState.LAPSED):
        values["closed_unaccepted_at"] = NOW - timedelta(days=1)
    if state is AssignmentState.DECLINED:
        values["decline_reason"] = "caseload_full"
    if state is AssignmentState.OFFERED:
        values["answer_by"] = NOW + timedelta(hours=12)
    assignment = _keep(
        Assignment(
            case=case,
            specialist_id=specialist.id,
            unit_id=specialist.unit_id,
            state=state,
            offered_at=offered_at,
            offered_by_id=supervisor.id,
            **values | changes,
        )
    )
    released_at = assignment.ended_at or assignment.closed_unaccepted_at
    for person in parents if parents is not None else parents_of(case):
        _keep(
            AssignedParent(
                assignment=assignment, person=person, case_id=case.id, released_at=released_at
            )
        )
    db.session.refresh(case)
    return assignment


def make_hand_over(
    assignment: Assignment,
    to: User,
    *,
    state: HandOverState = HandOverState.ASKED,
    words: str = "She likes to be called in the evening.",
    notes: Sequence[Activity] = (),
    **changes: Any,
) -> HandOver:
    """Asked for by the unit's supervisor two hours ago; where it was given, an hour ago, with the
    word of every parent."""
    supervisor = make_user(Role.SUPERVISOR, unit=to.unit)
    values: dict[str, Any] = {"asked_at": NOW - timedelta(hours=2), "asked_by_id": supervisor.id}
    if state in (HandOverState.GIVEN, HandOverState.TAKEN):
        values |= {
            "given_at": NOW - timedelta(hours=1),
            "parents_asked_on": TODAY,
            "words": HandOverWords(text=words),
            "notes": [HandOverNote(activity_id=activity.id) for activity in notes],
        }
    return _keep(
        HandOver(
            assignment=assignment,
            case_id=assignment.case_id,
            to_specialist_id=to.id,
            state=state,
            **values | changes,
        )
    )


def make_waiting(case: Case, person: Person | None = None, **changes: Any) -> Waiting:
    """A place in the queue for a parent of a filed family, since yesterday."""
    values = {"since": NOW - timedelta(days=1), "why": WaitingSince.FILED} | changes
    person = person or parents_of(case)[0]
    return _keep(Waiting(case=case, person=person, **values))


def make_activity(assignment: Assignment, *, note: str | None = None, **changes: Any) -> Activity:
    """A call of twenty minutes with the parents of this stint, this morning."""
    values: dict[str, Any] = {
        "happened_at": NOW - timedelta(hours=3),
        "minutes": 20,
        "mode": ActivityMode.PHONE,
        "made": True,
        "logged_at": NOW - timedelta(hours=2),
        "submission_key": f"activity {next_number()}",
        "kinds": [ActivityKind(kind=SupportKind.RIGHTS)],
        "participants": [
            ActivityParticipant(person_id=parent.person_id) for parent in assignment.parents
        ],
        "note": ActivityNote(text=note) if note else None,
    } | changes
    return _keep(
        Activity(
            assignment=assignment,
            case_id=assignment.case_id,
            logged_by_id=assignment.specialist_id,
            **values,
        )
    )


def make_task(assignment: Assignment, **changes: Any) -> Task:
    """Something that the specialist of this stint is to do tomorrow."""
    values: dict[str, Any] = {
        "what": "Ask for the visiting hours",
        "due_on": TODAY + timedelta(days=1),
        "owner_id": assignment.specialist_id,
        "added_at": NOW - timedelta(hours=2),
        "added_by_id": assignment.specialist_id,
    } | changes
    return _keep(Task(case_id=assignment.case_id, **values))


def make_service(
    assignment: Assignment,
    *,
    state: ServiceState = ServiceState.OFFERED,
    on: date = TODAY,
    **changes: Any,
) -> ServiceReferral:
    """A service for the first parent of this stint, that came to this state on that day."""
    values: dict[str, Any] = {"person_id": assignment.parents[0].person_id, "kind": "housing"}
    way = [one for one in ServiceState if one is not ServiceState.FELL_THROUGH]
    reached = way[: way.index(state) + 1] if state in way else [ServiceState.OFFERED, state]
    return _keep(
        ServiceReferral(
            case_id=assignment.case_id,
            state=state,
            steps=[
                ServiceStep(
                    state=one,
                    happened_on=on,
                    recorded_at=NOW,
                    recorded_by_id=assignment.specialist_id,
                )
                for one in reached
            ],
            **values | changes,
        )
    )


def make_look_alike(
    referral: Referral, supervisor: User, *, said: Likeness = Likeness.NOT_SAME, **other: Any
) -> LookAlike:
    """What a supervisor said of this referral and `other_referral_id` or `other_case_id`."""
    return _keep(
        LookAlike(
            said=said, referral_id=referral.id, said_at=NOW, said_by_id=supervisor.id, **other
        )
    )


def make_call(taken_by: User, *, note: str | None = None, **changes: Any) -> Call:
    """A call of a parent this morning, who wanted to know something; a call-back is due today."""
    values: dict[str, Any] = {
        "kind": CallKind.INFORMATION_GIVEN,
        "line": CallLine.HELPLINE,
        "caller": Caller.PARENT,
        "first_name": "Luz",
        "last_name": "Roe",
        "phone": "(347) 555-0177",
        "taken_at": NOW - timedelta(hours=1),
        "submission_key": f"{next_number():020}",
        "note": CallNote(text=note) if note else None,
    } | changes
    if values["kind"] is CallKind.CALL_BACK_WANTED:
        values.setdefault("call_back_on", TODAY)
    return _keep(Call(taken_by_id=taken_by.id, **values))


def make_message(referral: Referral, left_by: User, **changes: Any) -> Message:
    """What somebody at the helpline left an hour ago, and nobody has seen."""
    values = {"text": "She moved. Call her at her mother's.", "left_at": NOW - timedelta(hours=1)}
    return _keep(Message(referral=referral, left_by_id=left_by.id, **values | changes))


def make_referral(
    document: dict[str, Any] | None = None,
    *,
    sender: Organisation | None = None,
    referrer: User | None = None,
    now: datetime = NOW,
    **changes: Any,
) -> Referral:
    """A referral as submitted by a referrer of the sender's, received through the product's own
    door. `document` or changes of the plain one say what stands in it."""
    document = document or referral_document(**changes)
    sender = sender or (referrer.organisation if referrer else make_organisation())
    referrer = referrer or make_user(Role.REFERRER, organisation=sender)
    received = read_received_at(document, now=now, zone=NEW_YORK)
    circumstances = Circumstances(received.at, NEW_YORK, labels_of("conference_kind"))
    reading = read(document, circumstances)
    assert reading.submission is not None, reading.problems
    return receive(
        reading.submission, document, sender=sender, actor=referrer.as_actor(), now=now
    ).referral


def make_filed_referral(
    document: dict[str, Any] | None = None,
    *,
    case: Case | None = None,
    supervisor: User | None = None,
    **options: Any,
) -> Referral:
    """A referral that a supervisor filed, under a new case unless one is named."""
    referral = make_referral(document, **options)
    supervisor = supervisor or make_user(Role.SUPERVISOR)
    file(referral, case=case, actor=supervisor.as_actor(), now=NOW)
    db.session.refresh(referral)
    return referral


def _keep(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row
