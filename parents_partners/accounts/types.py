from dataclasses import dataclass

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
