"""A programme after six years: referrals, families and everything around them, in believable
proportions and as the services would have written them. The same for the same seed and day."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, MetaData

from bench.documents import document_of
from bench.loading import Loader
from bench.people import BOROUGHS, LANGUAGES, STAGES, Named, People
from bench.support import Support
from parents_partners.cases.names import name_key
from parents_partners.referrals.keys import sounds
from parents_partners.referrals.types import KeyKind

UNITS, SPECIALISTS, CASELOAD = 8, 120, 25
AGENCIES, REFERRERS = 30, 8
UNDECIDED, FAMILIES_WAITING = 200, 100
YEARS = 6
SCOPES = ("support", "share_with_agency", "attend_meetings")


@dataclass
class Staff:
    """Ids. A specialist and a supervisor each with their unit."""

    agencies: list[tuple[int, str]] = field(default_factory=list)
    referrers: dict[int, list[int]] = field(default_factory=dict)
    supervisors: list[tuple[int, int]] = field(default_factory=list)
    specialists: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Parent:
    person: Named
    relationship: str
    phone: tuple[str, str]
    language: str
    scopes: tuple[str, ...]
    may_leave_voicemail: bool


@dataclass(frozen=True)
class Child:
    person: Named
    born_on: datetime


@dataclass(frozen=True)
class Said:
    """What one referral says."""

    name: str
    number: str
    number_key: str
    agency: tuple[int, str]
    borough: str
    stage: str
    opened_at: datetime
    removed_at: datetime
    parents: tuple[Parent, ...]
    children: tuple[Child, ...]
    conference_at: datetime
    conference_kind: str
    received_at: datetime


class Programme:
    """`referrals` counts them; all else follows from it and the proportions above: fewer of them
    make a programme of the same size that is younger."""

    def __init__(
        self,
        connection: Connection,
        metadata: MetaData,
        *,
        referrals: int,
        password: str,
        now: datetime,
        seed: int = 2026,
    ) -> None:
        self._chance = random.Random(seed)
        self._people = People(self._chance)
        self._load = Loader(connection, metadata, self._chance)
        self._referrals = referrals
        self._password = password
        self._now = now
        self._staff = Staff()
        self._accounts: Counter[str] = Counter()
        self._numbers: Counter[int] = Counter()

    def write(self) -> int:
        """How many rows were written."""
        self._write_staff()
        support = Support(
            self._load, self._chance, self._people, self._staff.specialists,
            self._staff.supervisors, caseload=CASELOAD, now=self._now,
        )  # fmt: skip
        undecided_from = self._referrals - UNDECIDED
        waiting_from = undecided_from - FAMILIES_WAITING
        open_from = waiting_from - int(SPECIALISTS * CASELOAD * 1.3)
        last_filed, cases = 0, []
        for number in range(self._referrals):
            age = timedelta(days=365 * YEARS) * ((self._referrals - number) / self._referrals)
            said = self._said(self._now - age)
            fate = self._chance.random()
            if number >= undecided_from:
                self._received(said, "question_asked" if fate < 0.15 else "submitted")
            elif number >= waiting_from or fate < 0.8:
                last_filed, case, parents = self._filed(
                    said, self._chance.choice(cases) if number < open_from and fate < 0.1 else None
                )
                if parents:
                    cases.append(case)
                    support.give(
                        case, last_filed, parents, since=said.received_at + timedelta(hours=20),
                        open_=number >= open_from, waits=number >= waiting_from,
                    )  # fmt: skip
            elif fate < 0.89:
                self._received(said, "declined", decline_reason="outside_area")
            elif fate < 0.95 and last_filed:
                self._received(said, "duplicate", duplicate_of_id=last_filed)
            else:
                self._received(said, "withdrawn")
        for year, last in self._numbers.items():
            self._load.add("reference_counter", year=year, last_number=last)
        self._some_conflicts(cases)
        self._load.finish()
        return self._load.written

    def _write_staff(self) -> None:
        add, staff = self._load.add, self._staff
        programme = add(
            "organisation", name="Office of Advocacy", name_key="office of advocacy",
            kind="programme",
        )  # fmt: skip
        for number in range(1, AGENCIES + 1):
            name = f"{self._people.last_name()} Family Services {number}"
            agency = add("organisation", name=name, name_key=name.lower(), kind="contract_agency")
            staff.agencies.append((agency, name))
            staff.referrers[agency] = [self._account("referrer", agency) for _ in range(REFERRERS)]
        for role in ("helpline", "admin", "auditor"):
            self._account(role, programme)
        units = [add("unit", name=f"Unit {number}") for number in range(1, UNITS + 1)]
        staff.supervisors = [(self._account("supervisor", programme, unit), unit) for unit in units]
        for number in range(SPECIALISTS):
            unit = units[number % UNITS]
            user = self._account("specialist", programme, unit)
            add(
                "specialist", user_id=user, capacity=CASELOAD + 2, languages=["en", "es"],
                boroughs=sorted(set(BOROUGHS)), age_bands=["0-2", "3-5", "6-9", "10-13"],
                concerns_taken=[], concerns_not_taken=["sexual_abuse"],
            )  # fmt: skip
            staff.specialists.append((user, unit))

    def _account(self, role: str, organisation: int, unit: int | None = None) -> int:
        """`specialist-1@example.org` and so on, all with the one password."""
        self._accounts[role] += 1
        person = self._people.named(self._people.last_name())
        return self._load.add(
            "user", email=f"{role}-{self._accounts[role]}@example.org",
            name=f"{person.first} {person.last}", phone="(212) 555-0100", password=self._password,
            role=role, organisation_id=organisation, unit_id=unit, active=True,
            created_at=self._now - timedelta(days=365 * YEARS),
            fs_uniquifier=f"{self._chance.getrandbits(128):032x}",
        )  # fmt: skip

    def _said(self, received_at: datetime) -> Said:
        chance, people = self._chance, self._people
        last = people.last_name()
        language = chance.choice(LANGUAGES)
        opened_at = received_at - timedelta(days=chance.choice((2, 5, 9, 20, 45, 90, 200)))
        digits = f"{chance.randrange(10**7):07d}"
        parents = tuple(
            Parent(
                people.named(last if place == 0 else people.last_name()),
                ("mother", "father")[place],
                people.phone(),
                language,
                SCOPES[: chance.choice((1, 2, 3, 3))],
                chance.random() < 0.8,
            )
            for place in range(chance.choice((1, 1, 2)))
        )
        children = tuple(
            Child(people.named(last), received_at - timedelta(days=chance.randrange(60, 6000)))
            for _ in range(chance.choice((1, 1, 2, 2, 3, 4)))
        )
        return Said(
            name=f"{last}, {parents[0].person.first}", number=f"S-{digits[:6]}-{digits[6]}",
            number_key=digits, agency=chance.choice(self._staff.agencies),
            borough=chance.choice(BOROUGHS), stage=chance.choice(STAGES), opened_at=opened_at,
            removed_at=opened_at + timedelta(hours=chance.randrange(2, 40)), parents=parents,
            children=children,
            conference_at=(received_at + timedelta(days=chance.randrange(2, 40))).replace(minute=0),
            conference_kind=chance.choice(("FTC", "SPR", "ICSC", "COURT")),
            received_at=received_at,
        )  # fmt: skip

    def _received(
        self, said: Said, state: str, *, case: int | None = None, **more: Any
    ) -> tuple[int, datetime]:
        """The referral's id, and when it was decided about."""
        add, at = self._load.add, said.received_at
        year = at.year
        self._numbers[year] += 1
        referrer = self._chance.choice(self._staff.referrers[said.agency[0]])
        supervisor = self._chance.choice(self._staff.supervisors)[0]
        decided_at = at + timedelta(hours=18)
        if state in ("filed", "declined", "duplicate"):
            more |= {"decided_at": decided_at, "decided_by_id": supervisor}
        if state == "withdrawn":
            more |= {"withdrawn_at": decided_at, "withdrawn_by_id": referrer}
        referral = add(
            "referral", reference=f"PP-{year}-{self._numbers[year]:06d}", channel="online",
            state=state, organisation_id=said.agency[0],
            sender_key=f"organisation:{said.agency[1].lower()}",
            submission_key=f"{self._chance.getrandbits(80):020x}",
            body_hash=f"{self._chance.getrandbits(256):064x}", submitted_by_id=referrer,
            received_at=at, recorded_at=at, case_name=said.name, number_key=said.number_key,
            stage=said.stage, borough=said.borough, language=said.parents[0].language,
            opened_on=said.opened_at.date(), removed_at=said.removed_at,
            placed_at=said.removed_at, case_id=case, **more,
        )  # fmt: skip
        add("submission", referral_id=referral, document=document_of(said, self._people), notes=[])
        add("referral_key", referral_id=referral, kind="number", of="case", value=said.number_key)
        for parent in said.parents:
            add("referral_key", referral_id=referral, kind="name", of="parent",
                value=parent.person.key)  # fmt: skip
            add("referral_key", referral_id=referral, kind="phone", of="parent",
                value=parent.phone[1])  # fmt: skip
        for child in said.children:
            add("referral_key", referral_id=referral, kind="name", of="child",
                value=child.person.key)  # fmt: skip
        add("referral_key", referral_id=referral, kind="case_name", of="case",
            value=name_key(said.name, ""))  # fmt: skip
        people = [*(one.person for one in said.parents), *(one.person for one in said.children)]
        for sound in sounds((KeyKind.NAME, person.key) for person in people):
            add("name_sound", referral_id=referral, value=sound)
        add("referral_conference", referral_id=referral, kind=said.conference_kind,
            starts_at=said.conference_at)  # fmt: skip
        self._recorded("referral.submitted", at, referrer, "referrer", "referral", referral,
                       referral_id=referral, detail={"channel": "online"})  # fmt: skip
        if state == "question_asked":
            add("question", referral_id=referral, text="Which of the two shelters is it now?",
                asked_at=decided_at, asked_by_id=supervisor)  # fmt: skip
        elif state != "submitted":
            event = "marked_duplicate" if state == "duplicate" else state
            self._recorded(f"referral.{event}", decided_at, supervisor, "supervisor", "referral",
                           referral, referral_id=referral, case_id=case)  # fmt: skip
        return referral, decided_at

    def _filed(self, said: Said, known: int | None) -> tuple[int, int, list[int]]:
        """The ids of the referral, of its family, and of the new family's parents."""
        add, at = self._load.add, said.received_at
        if known is not None:
            return self._received(said, "filed", case=known)[0], known, []
        decided_at = at + timedelta(hours=18)
        case = add(
            "case", name=said.name, number=said.number, number_key=said.number_key,
            stage=said.stage, opened_on=said.opened_at.date(), borough=said.borough,
            agency=said.agency[1], agency_phone="(212) 555-0120", created_at=decided_at,
            concerns_ticked_at=decided_at,
        )  # fmt: skip
        referral, _ = self._received(said, "filed", case=case)
        supervisor = self._chance.choice(self._staff.supervisors)[0]
        recorded = {"case_id": case, "referral_id": referral}
        self._recorded("family.opened", decided_at, supervisor, "supervisor", "case", case,
                       **recorded)  # fmt: skip
        parents = []
        for position, parent in enumerate(said.parents):
            person = add(
                "person", first_name=parent.person.first, last_name=parent.person.last,
                name_key=parent.person.key, phone=parent.phone[0], phone_e164=parent.phone[1],
                preferred_language=parent.language, interpreter_needed=parent.language != "en",
                may_leave_voicemail=parent.may_leave_voicemail, may_text=True,
            )  # fmt: skip
            add("membership", case_id=case, person_id=person, role="parent",
                relationship_to_child=parent.relationship,
                source_referral_id=referral)  # fmt: skip
            for scope in parent.scopes:
                add("consent", case_id=case, person_id=person, scope=scope,
                    asked_by="Denise Okafor-Reyes", asked_on=at.date(), how="in_person",
                    wording_version="2026-1", recorded_at=decided_at,
                    source_referral_id=referral)  # fmt: skip
            self._recorded("consent.recorded", decided_at, supervisor, "supervisor", "person",
                           person, detail={"scopes": list(parent.scopes)},
                           **recorded)  # fmt: skip
            add("filed_parent", referral_id=referral, person_id=person, case_id=case,
                position=position)  # fmt: skip
            parents.append(person)
        for child in said.children:
            person = add(
                "person", first_name=child.person.first, last_name=child.person.last,
                name_key=child.person.key, date_of_birth=child.born_on.date(),
            )  # fmt: skip
            add("membership", case_id=case, person_id=person, role="child",
                source_referral_id=referral)  # fmt: skip
            add("placement", case_id=case, person_id=person, setting="family_foster_care",
                agency=said.agency[1], removed_at=said.removed_at, placed_at=said.removed_at,
                source_referral_id=referral)  # fmt: skip
        conference = add(
            "conference", case_id=case, kind=said.conference_kind, starts_at=said.conference_at,
            place="Third Avenue office", state="scheduled", source_referral_id=referral,
        )  # fmt: skip
        self._recorded("conference.added", decided_at, supervisor, "supervisor", "conference",
                       conference, detail={"kind": said.conference_kind}, **recorded)  # fmt: skip
        add("professional", case_id=case, capacity="caseworker", name="Denise Okafor-Reyes",
            title="Case Planner", organisation=said.agency[1], phone="(212) 555-0123",
            email="planner@example.org", source_referral_id=referral)  # fmt: skip
        return referral, case, parents

    def _some_conflicts(self, cases: list[int]) -> None:
        """Every third specialist has an entry on the conflict list, and one supervisor: a family
        of years ago."""
        for user, _ in [*self._staff.specialists[::3], self._staff.supervisors[0]]:
            self._load.add("conflict", user_id=user, case_id=self._chance.choice(cases[:1000]),
                           recorded_at=self._now - timedelta(days=30))  # fmt: skip

    def _recorded(
        self, event: str, at: datetime, actor: int, role: str, subject: str, subject_id: int,
        *, detail: dict[str, Any] | None = None, **ids: int | None,
    ) -> None:  # fmt: skip
        self._load.add("audit_event", at=at, event=event, actor_id=actor, actor_role=role,
                       subject=subject, subject_id=subject_id, detail=detail or {},
                       **ids)  # fmt: skip
