"""Every form that a role can reach, sent with nonsense in every field: the page that answers says
what is wrong, can be used by everybody at every width, and puts the reader on its summary."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from parents_partners.accounts.types import Role
from tests.chromium.conftest import SignedIn
from tests.chromium.every_page import kind_of, pages_reachable_from, problems_at_every_size

FORMS = """() => [...document.forms].filter(form =>
  form.method === "post" && [...form.elements].some(one => one.matches(WRITTEN)))
  .map(form => form.getAttribute("action"))"""
WRITTEN = "input:not([type=hidden], [type=submit]), select, textarea"

SEND_NONSENSE = """([action, written]) => {
  const form = [...document.forms].find(one => one.getAttribute("action") === action);
  const chosen = new Set();
  for (const field of form.querySelectorAll(written)) {
    if (["radio", "checkbox"].includes(field.type)) {
      field.checked = !chosen.has(field.name);
      if (field.checked) field.value = "no-such-choice";
      chosen.add(field.name);
    } else if (field.matches("select")) {
      field.add(new Option("no such choice", "no-such-choice", true, true));
    } else {
      if (["date", "datetime-local"].includes(field.type)) field.type = "text";
      field.value = "long ".repeat(field.matches("textarea") ? 4000 : 300);
    }
  }
  const buttons = [...form.querySelectorAll("button[type=submit]:not([aria-hidden])")];
  const plain = buttons.filter(one => !/outline|quiet/.test(one.className));
  form.requestSubmit(plain.at(-1) ?? buttons[0]);
}"""

ACCEPTS_ANYTHING = {"/drafts/…"}
"""What keeps whatever is typed: the steps of a draft, whose check says what is missing."""

FEWEST_REFUSED = {
    Role.REFERRER: 1,
    Role.HELPLINE: 3,
    Role.SPECIALIST: 16,
    Role.SUPERVISOR: 14,
    Role.ADMIN: 11,
    Role.AUDITOR: 0,
}
"""Were the forms not found, none would be looked at."""


@pytest.mark.parametrize("role", Role)
def test_every_refused_form_says_what_is_wrong_to_everybody(
    role: Role, signed_in: SignedIn
) -> None:
    page = signed_in(role)
    problems: list[str] = []
    refused = 0
    for action in forms_reachable(page):
        status = send_nonsense(page, action)
        if status != 422:
            problems.append(f"{action} answers nonsense with {status} at {page.url}")
            continue
        refused += 1
        problems += problems_of_the_summary(page, action)
        problems += problems_at_every_size(page, f"{action}, refused,")
    assert problems == []
    assert refused >= FEWEST_REFUSED[role]


def forms_reachable(page: Page) -> Iterator[str]:
    """One action of every kind; the page with its form is open when it is given."""
    seen = set()
    for address in pages_reachable_from(page, urlsplit(page.url).path):
        for action in page.evaluate(FORMS.replace("WRITTEN", f"'{WRITTEN}'")):
            kind = kind_of(action)
            if kind in seen or kind.rpartition("/")[0] in ACCEPTS_ANYTHING:
                continue
            seen.add(kind)
            page.goto(address)
            yield action


def send_nonsense(page: Page, action: str) -> int:
    with page.expect_navigation() as answer:
        page.evaluate(SEND_NONSENSE, [action, WRITTEN])
    return answer.value.status


def problems_of_the_summary(page: Page, action: str) -> list[str]:
    """The reader begins at it, and each of its lines leads somewhere."""
    found: list[str] = page.evaluate(
        """() => {
          const summary = document.querySelector("[data-error-summary]");
          if (!summary) return ["no summary"];
          const astray = [...summary.querySelectorAll("a")]
            .filter(one => !document.getElementById(one.hash.slice(1)))
            .map(one => `“${one.innerText}” leads nowhere`);
          const focused = document.activeElement === summary ? [] : ["the focus is elsewhere"];
          const shortly = summary.innerText.length > 2000 ? ["the summary is endless"] : [];
          return [...astray, ...focused, ...shortly];
        }"""
    )
    return [f"{action}, refused: {one}" for one in found]
