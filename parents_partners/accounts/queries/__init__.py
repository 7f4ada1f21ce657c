"""What the pages about people, organisations and units show."""

from parents_partners.accounts.queries.organisations import (
    linkable,
    organisation_for,
    organisation_row,
    organisations,
    proposals_for,
    spelling_names,
)
from parents_partners.accounts.queries.people import (
    account_for,
    accounts,
    latest_link,
    other_account_for,
    user_of_link,
)
from parents_partners.accounts.queries.units import unit_for, unit_names, units

__all__ = [
    "account_for",
    "accounts",
    "latest_link",
    "linkable",
    "organisation_for",
    "organisation_row",
    "organisations",
    "other_account_for",
    "proposals_for",
    "spelling_names",
    "unit_for",
    "unit_names",
    "units",
    "user_of_link",
]
