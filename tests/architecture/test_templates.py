"""Templates escape, keep to the content security policy, and stay short enough to be read."""

import re
from pathlib import Path

import pytest

from tests.architecture.code import SCRIPTS, SOURCES, TEMPLATES, short

LONGEST = 350
UNESCAPED = r"\|\s*safe\b|autoescape\s+false|Markup\("
FORBIDDEN = {
    "an inline style, which the policy forbids": r"\sstyle\s*=",
    "an inline handler, which the policy forbids": r"\son[a-z]+\s*=|hx-on|javascript:",
    "an inline script, which the policy forbids": r"<script(?![^>]*\ssrc=)",
    "another host": r"""(src|action)\s*=\s*["']?(https?:)?//""",
    "something left for later": r"TODO|FIXME|XXX|lorem ipsum",
}


@pytest.mark.parametrize("path", TEMPLATES, ids=short)
def test_a_template_has_nothing_that_is_forbidden(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
    assert not re.search(UNESCAPED, text)
    # What a macro is told is no markup: `submit("Save", style="outline")`.
    text = re.sub(r"\{[{%].*?[%}]\}", "", text, flags=re.DOTALL)
    for what, pattern in FORBIDDEN.items():
        found = re.search(pattern, text, re.IGNORECASE)
        assert found is None, f"{what}: {found and found.group()!r}"


@pytest.mark.parametrize(
    "wrong",
    [
        '<p style="color: red">',
        '<a onclick="go()">',
        "<script>go()</script>",
        '<img src="//example.com/x.png">',
    ],
)
def test_what_is_forbidden_is_found(wrong: str) -> None:
    assert re.search(UNESCAPED, "{{ text | safe }}")
    assert any(re.search(pattern, wrong, re.IGNORECASE) for pattern in FORBIDDEN.values())


@pytest.mark.parametrize("path", [*TEMPLATES, *SCRIPTS, *SOURCES], ids=short)
def test_no_file_is_longer_than_a_few_screens(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST


@pytest.mark.parametrize("path", SOURCES, ids=short)
def test_no_module_is_an_attic(path: Path) -> None:
    assert path.stem not in {"utils", "util", "helpers", "common", "misc", "manager"}


@pytest.mark.parametrize("path", SOURCES, ids=short)
def test_no_module_switches_escapes_off(path: Path) -> None:
    assert not re.search(r"\bMarkup\(|autoescape\s*=\s*False", path.read_text())
