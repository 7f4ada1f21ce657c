from datetime import datetime

from parents_partners.accounts.types import Actor
from parents_partners.cases.models import Case, Conference, Person, Placement, Professional
from parents_partners.cases.names import name_key
from parents_partners.cases.services.consents import hold_case
from parents_partners.cases.services.filing import (
    FamilyMembers,
    add_conference,
    add_placement,
    add_professional,
    open_case,
    record_agreement,
)
from parents_partners.cases.types import MembershipRole, Setting
from parents_partners.core.db import db
from parents_partners.core.text import case_number_key, phone_e164
from parents_partners.referrals.models import FiledParent, Referral
from parents_partners.referrals.queries import said_of_people, submission_of
from parents_partners.referrals.services.deciding import hold, perform
from parents_partners.referrals.submission import (
    AgreeingParent,
    CaseInformation,
    Child,
    PersonContact,
    Submission,
)
from parents_partners.referrals.types import KeyOf, ReferralAction


def file(referral: Referral, *, case: Case | None, actor: Actor, now: datetime) -> Case:
    """Put what a referral says into a family's record: a new one where `case` is None.

    Raises AlreadyDone if somebody decided about the referral first."""
    hold(referral)
    submission = submission_of(referral)
    is_new = case is None
    # Who comes second must not leave a family behind that nobody filed.
    with db.session.begin_nested():
        if case is None:
            case = open_case(
                _case_of(submission.case, now), referral_id=referral.id, actor=actor, now=now
            )
        else:
            # Two referrals filed under it at once must not both bring the same person.
            hold_case(case.id)
        perform(
            ReferralAction.FILE,
            referral,
            actor=actor,
            now=now,
            values={"case_id": case.id, "decided_at": now, "decided_by_id": actor.id},
            new_family=is_new,
        )
    _file_people(referral, submission, case, actor=actor, now=now)
    _file_conferences(referral, submission, case, actor=actor, now=now)
    _file_professionals(referral, submission, case)
    db.session.flush()
    db.session.expire(referral, ["filed_parents"])
    return case


def _file_people(
    referral: Referral, submission: Submission, case: Case, *, actor: Actor, now: datetime
) -> None:
    told = said_of_people(referral, case)
    members = FamilyMembers(case, spoken_for=told.same.values())
    for position, parent in enumerate(submission.agreeing_parents):
        person = members.find_or_add(
            parent_of(parent),
            MembershipRole.PARENT,
            referral_id=referral.id,
            relationship_to_child=parent.relationship,
            same_as=told.same.get((KeyOf.PARENT, position)),
            not_same_as=told.not_same.get((KeyOf.PARENT, position), ()),
        )
        record_agreement(
            case,
            person,
            parent.scope,
            asked_by=parent.asked_by,
            asked_on=parent.asked_on,
            how=parent.how,
            said_at=referral.received_at,
            referral_id=referral.id,
            actor=actor,
            now=now,
        )
        db.session.add(
            FiledParent(
                referral_id=referral.id, person_id=person.id, case_id=case.id, position=position
            )
        )
    for position, child in enumerate(submission.children):
        person = members.find_or_add(
            child_of(child),
            MembershipRole.CHILD,
            referral_id=referral.id,
            same_as=told.same.get((KeyOf.CHILD, position)),
            not_same_as=told.not_same.get((KeyOf.CHILD, position), ()),
        )
        if _says_where(child):
            add_placement(
                Placement(
                    case_id=case.id,
                    person_id=person.id,
                    setting=child.setting,
                    agency=child.placement_agency,
                    removed_at=child.removed_at,
                    placed_at=child.placed_at,
                    source_referral_id=referral.id,
                )
            )


def _file_conferences(
    referral: Referral, submission: Submission, case: Case, *, actor: Actor, now: datetime
) -> None:
    for conference in submission.conferences:
        add_conference(
            Conference(
                case_id=case.id,
                kind=conference.kind,
                starts_at=conference.starts_at,
                place=conference.place,
                link=conference.link,
                source_referral_id=referral.id,
            ),
            said_at=referral.received_at,
            actor=actor,
            now=now,
        )


def _file_professionals(referral: Referral, submission: Submission, case: Case) -> None:
    add_professional(_professional(submission.case.caseworker, "caseworker", case, referral))
    if submission.referrer is not None:
        add_professional(_professional(submission.referrer, "referrer", case, referral))


def _case_of(said: CaseInformation, now: datetime) -> Case:
    return Case(
        name=said.name,
        number=said.number,
        number_key=(case_number_key(said.number) or None) if said.number else None,
        stage=said.stage,
        opened_on=said.opened_on,
        borough=said.borough,
        agency=said.agency,
        agency_phone=said.agency_phone,
        created_at=now,
    )


def parent_of(said: AgreeingParent) -> Person:
    """A person as the referral describes them, not stored yet."""
    return Person(
        first_name=said.first_name,
        last_name=said.last_name,
        name_key=name_key(said.first_name, said.last_name),
        phone=said.phone,
        phone_e164=phone_e164(said.phone) if said.phone else None,
        email=said.email,
        preferred_language=said.preferred_language,
        interpreter_needed=said.interpreter_needed,
        may_leave_voicemail=said.safe_contact.voicemail,
        may_text=said.safe_contact.text,
        may_email=said.safe_contact.email,
        may_send_mail=said.safe_contact.mail,
        safe_contact_note=said.safe_contact.note,
    )


def child_of(said: Child) -> Person:
    """As `parent_of`."""
    return Person(
        first_name=said.first_name,
        last_name=said.last_name,
        name_key=name_key(said.first_name, said.last_name),
        date_of_birth=said.date_of_birth,
    )


def _says_where(child: Child) -> bool:
    return child.setting is not Setting.UNKNOWN or bool(child.removed_at or child.placed_at)


def _professional(
    said: PersonContact, capacity: str, case: Case, referral: Referral
) -> Professional:
    return Professional(
        case_id=case.id,
        capacity=capacity,
        name=said.name,
        title=said.title,
        organisation=said.organization,
        phone=said.phone,
        email=said.email,
        source_referral_id=referral.id,
    )
