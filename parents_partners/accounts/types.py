from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person may do at all; security.md has the table. One role an account."""

    REFERRER = "referrer"
    HELPLINE = "helpline"
    SPECIALIST = "specialist"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    AUDITOR = "auditor"

    @property
    def label(self) -> str:
        return _ROLE_LABELS[self]

    @property
    def belongs_to_a_unit(self) -> bool:
        """Family Specialists and the supervisors who answer for them (PP-03)."""
        return self in (Role.SPECIALIST, Role.SUPERVISOR)


_ROLE_LABELS = {
    Role.REFERRER: "Referrer",
    Role.HELPLINE: "Helpline staff",
    Role.SPECIALIST: "Family Specialist",
    Role.SUPERVISOR: "Supervisor",
    Role.ADMIN: "Administrator",
    Role.AUDITOR: "Auditor",
}


class OrganisationKind(StrEnum):
    PROGRAMME = "programme"
    ACS_OFFICE = "acs_office"
    CONTRACT_AGENCY = "contract_agency"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        return _ORGANISATION_KIND_LABELS[self]


_ORGANISATION_KIND_LABELS = {
    OrganisationKind.PROGRAMME: "The programme",
    OrganisationKind.ACS_OFFICE: "ACS office",
    OrganisationKind.CONTRACT_AGENCY: "Contract agency",
    OrganisationKind.UNKNOWN: "Not sorted yet",
}


@dataclass(frozen=True)
class Actor:
    """Whoever acts (`actor`) or reads (`viewer`): plain values, so that a rule about them never
    needs the database. Without an id and a role it is the command line or the clock."""

    id: int | None
    name: str
    role: Role | None
    organisation_id: int | None = None
    unit_id: int | None = None


COMMAND_LINE = Actor(id=None, name="Command line", role=None)
CLOCK = Actor(id=None, name="The system", role=None)


@dataclass(frozen=True)
class NewUser:
    """An account to be made. `password_hash` comes from `passwords.hashed`: a service never sees
    a password. `organisation` and `unit` are names."""

    email: str
    name: str
    role: Role
    organisation: str
    password_hash: str
    unit: str | None = None
    title: str | None = None
    phone: str | None = None


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
    active: bool
