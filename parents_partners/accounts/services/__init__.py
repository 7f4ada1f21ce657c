"""The verbs of accounts, invitations, organisations and units. Nobody signs up by themselves."""

from parents_partners.accounts.services.accounts import (
    add_user,
    change_account,
    change_password,
    disable_user,
    enable_user,
    user_with_email,
)
from parents_partners.accounts.services.invitations import choose_password, invite, make_link
from parents_partners.accounts.services.organisations import (
    add_organisation,
    change_organisation,
    known_or_new_organisation,
    link_spelling,
    unlink_spelling,
)
from parents_partners.accounts.services.units import add_unit, rename_unit

__all__ = [
    "add_organisation",
    "add_unit",
    "add_user",
    "change_account",
    "change_organisation",
    "change_password",
    "choose_password",
    "disable_user",
    "enable_user",
    "invite",
    "known_or_new_organisation",
    "link_spelling",
    "make_link",
    "rename_unit",
    "unlink_spelling",
    "user_with_email",
]
