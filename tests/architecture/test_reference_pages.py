"""The pages of docs/ that are made from the code say what the code says."""

import pytest
from flask import Flask

from parents_partners.rule_index import RULES, places_of_rules
from tests.architecture.code import ROOT

PAGES = {
    "lifecycles": "docs/reference/lifecycles.md",
    "permissions": "docs/reference/permissions.md",
    "rules": "docs/rules.md",
}
CODE, TESTS = ("parents_partners", "templates"), ("tests",)


@pytest.mark.parametrize("name", PAGES)
def test_the_committed_page_is_what_the_command_prints(app: Flask, name: str) -> None:
    printed = app.test_cli_runner().invoke(args=["docs", name])
    assert printed.exit_code == 0, printed.output
    committed = (ROOT / PAGES[name]).read_text()
    assert printed.output == committed, f"flask --app app docs {name} > {PAGES[name]}"


def test_every_rule_that_the_code_names_is_proven_by_a_test() -> None:
    tested = places_of_rules(TESTS)
    assert [rule for rule in places_of_rules(CODE) if rule not in tested] == []


def test_every_rule_of_a_referral_is_in_the_code() -> None:
    """Were the search broken, the page would say that nothing is built."""
    named = places_of_rules(CODE)
    assert [rule for rule in RULES if rule.startswith("REF-") and rule not in named] == []


def test_no_rule_is_named_that_there_is_not() -> None:
    """An id with a slip of the pen would lead nowhere."""
    named = places_of_rules(CODE).keys() | places_of_rules(TESTS).keys()
    assert [rule for rule in named if rule not in RULES] == []


def test_a_rule_is_found_at_the_function_that_names_it() -> None:
    [place] = [
        one for one in places_of_rules(TESTS)["P2P-22"] if one.path.endswith("reference_pages.py")
    ]
    assert place.names == ("test_a_rule_is_found_at_the_function_that_names_it",)
