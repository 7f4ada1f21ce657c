"""Where a list goes on stands in the address: nobody reads a family's name there, and whatever
somebody else writes there is the first page, never a failure."""

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Role
from parents_partners.core.paging import PAGE_SIZE
from tests.browser import Browser
from tests.factories import make_assignment, make_family, make_specialist, make_unit, make_user

OpenBrowser = Callable[[User | None], Browser]
FAMILY = "Quillfeather"

LISTS = [
    ("/accounts", Role.ADMIN),
    ("/audit", Role.AUDITOR),
    ("/caseload", Role.SPECIALIST),
    ("/drafts", Role.REFERRER),
    ("/families", Role.SUPERVISOR),
    ("/referrals", Role.REFERRER),
    ("/triage", Role.SUPERVISOR),
]
AT = {"at": "2026-11-21T10:00:00+00:00"}
STRANGE = [
    [],
    [1],
    ["x"],
    [AT],
    [None, None],
    [1, 1],
    ["x", 1],
    ["x", "x"],
    [AT, "x"],
    [1, AT, "family", 1],
    [{"at": "2026-11-21T10:00:00"}, 1],
    [{"at": "9999-12-31T23:59:59-14:00"}, 1],
    [1.5, True],
    [AT, True],
    ["x", True],
    [AT, 2**40],
    ["x", 2**40],
    [[1], {"at": "x"}],
]


@pytest.mark.parametrize(("address", "role"), LISTS)
@pytest.mark.parametrize("values", STRANGE, ids=str)
def test_a_key_that_no_list_gave_is_no_failure(
    session: scoped_session[Session],
    browser_for: OpenBrowser,
    address: str,
    role: Role,
    values: list[Any],
) -> None:
    user = make_specialist() if role is Role.SPECIALIST else make_user(role)
    key = base64.urlsafe_b64encode(json.dumps(values).encode()).decode()
    browser_for(user).open(f"{address}?after={key}")


@pytest.mark.parametrize("address", ["/caseload", "/families"])
def test_no_address_of_a_next_page_holds_a_familys_name_and_none_is_left_out(
    session: scoped_session[Session], browser_for: OpenBrowser, address: str
) -> None:
    unit = make_unit()
    specialist = make_specialist(unit=unit)
    names = [f"{FAMILY} {number:03}" for number in range(PAGE_SIZE + 3)]
    for name in reversed(names):
        make_assignment(make_family(name), specialist)
    viewer = specialist if address == "/caseload" else make_user(Role.SUPERVISOR, unit=unit)
    first = browser_for(viewer).open(address)
    [onwards] = {link for link in first.links.values() if "after=" in link}
    [key] = parse_qs(urlsplit(onwards).query)["after"]
    written = base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)).decode()
    assert FAMILY.lower() not in written.lower()
    second = first.follow(next(words for words, link in first.links.items() if link == onwards))
    shown = [name for page in (first, second) for name in names if name in page]
    assert shown == names
