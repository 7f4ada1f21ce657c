"""What an administrator saves: who has an account."""

from parents_partners.accounts.queries import accounts
from parents_partners.audit.exports import Export
from parents_partners.core.paging import every_row
from parents_partners.core.spreadsheets import Sheet

ACCOUNTS = Export(
    name="accounts",
    title="Save the accounts as a file",
    list_page="accounts.accounts",
    heads=("Name", "E-mail address", "Role", "Organisation", "Unit", "State"),
    asks_why=False,
)


def accounts_sheet() -> Sheet:
    return Sheet(
        ACCOUNTS.heads,
        (
            (
                row.name,
                row.email,
                row.role.label,
                row.organisation,
                row.unit,
                row.state.label,
            )
            for row in every_row(lambda after: accounts(after=after))
        ),
    )
