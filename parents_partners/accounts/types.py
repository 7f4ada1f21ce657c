from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from parents_partners.core.types import Labelled


class Role(Labelled):
    """What a person may do at all; security.md has the table. One role an account."""

    REFERRER = "referrer", "Referrer"
    HELPLINE = "helpline", "Helpline staff"
    SPECIALIST = "specialist", "Family Specialist"
    SUPERVISOR = "supervisor", "Supervisor"
    ADMIN = "admin", "Administrator"
    AUDITOR = "auditor", "Auditor"

    @property
    def belongs_to_a_unit(self) -> bool:
        """Family Specialists and the supervisors who answer for them (PP-03)."""
        return self in (Role.SPECIALIST, Role.SUPERVISOR)


class OrganisationKind(Labelled):
    PROGRAMME = "programme", "The programme"
    ACS_OFFICE = "acs_office", "ACS office"
    CONTRACT_AGENCY = "contract_agency", "Contract agency"
    UNKNOWN = "unknown", "Not sorted yet"


class ViewerKind(NamedTuple):
    """What decides how the conditions on what somebody may see read, whoever it is."""

    role: Role | None
    has_conflicts: bool


@dataclass(frozen=True)
class Actor:
    """Whoever acts (`actor`) or reads (`viewer`): plain values, so that a rule about them never
    needs the database. Without an id and a role it is the command line or the clock.

    `has_conflicts` is False only where it was looked up, in the same transaction, that nobody
    put them on the conflict list: then no query need ask for what the list keeps from them."""

    id: int | None
    name: str
    role: Role | None
    organisation_id: int | None = None
    unit_id: int | None = None
    has_conflicts: bool = True

    @property
    def kind(self) -> ViewerKind:
        return ViewerKind(self.role, self.has_conflicts)


COMMAND_LINE = Actor(id=None, name="Command line", role=None)
CLOCK = Actor(id=None, name="The system", role=None)


@dataclass(frozen=True, kw_only=True)
class AccountCommand:
    """What is known of a person who signs in. `organisation` and `unit` are names; `role` None is
    one that was not chosen."""

    email: str
    name: str
    role: Role | None
    organisation: str
    unit: str | None = None
    title: str | None = None
    phone: str | None = None


@dataclass(frozen=True, kw_only=True)
class NewUser(AccountCommand):
    """An account to be made. `password_hash` comes from `passwords.hashed`: a service never sees
    a password. Without one nobody can sign in until its person has chosen theirs."""

    password_hash: str = ""


@dataclass(frozen=True)
class HandedLink:
    """A link to choose a password with, shown once: only a hash of the token is kept."""

    token: str
    until: datetime


@dataclass(frozen=True)
class OrganisationCommand:
    name: str
    kind: OrganisationKind


class AccountState(Labelled):
    """Whether a person can sign in. It follows from the account and is not stored."""

    ACTIVE = "active", "Active"
    INVITED = "invited", "Invited"
    DISABLED = "disabled", "Disabled"


@dataclass(frozen=True)
class AccountFilter:
    """What the reader of the list of people asked to see; None is anything. `organisation` is its
    public id, `words` parts of a name or an e-mail address."""

    words: str | None = None
    role: Role | None = None
    organisation: str | None = None
    state: AccountState | None = None


@dataclass(frozen=True)
class AccountRow:
    """A line of the list of accounts."""

    id: int
    public_id: str
    name: str
    email: str
    role: Role
    organisation: str
    unit: str | None
    state: AccountState

    @property
    def active(self) -> bool:
        return self.state is not AccountState.DISABLED


@dataclass(frozen=True)
class OrganisationRow:
    """A line of the list of organisations. `referrals` counts what came under its name and its
    `spellings`; `likely` is the organisation that an unsorted one may be a spelling of."""

    id: int
    public_id: str
    name: str
    kind: OrganisationKind
    people: int
    spellings: int
    referrals: int
    likely: "OrganisationName | None" = None


@dataclass(frozen=True)
class OrganisationName:
    """An organisation to choose."""

    public_id: str
    name: str
    kind: OrganisationKind


@dataclass(frozen=True)
class UnitRow:
    public_id: str
    name: str
    supervisors: tuple[str, ...]
    specialists: tuple[str, ...]
