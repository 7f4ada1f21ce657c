"""What the tests' browser complains about: were it blind, every page would pass."""

import pytest

from tests.html import mistakes_in, parse

PLAIN = """<!doctype html><html lang="en"><head><title>Drafts</title></head><body><main>
<h1>Drafts</h1>{}</main></body></html>"""


def test_a_plain_page_has_no_mistakes() -> None:
    page = PLAIN.format('<form method="get"><label for="a">Name</label><input id="a"></form>')
    assert mistakes_in(parse(page)) == []


@pytest.mark.parametrize(
    ("content", "mistake"),
    [
        ("<h1>Again</h1>", "has one h1"),
        ('<p id="a"></p><p id="a"></p>', "The id a stands there 2 times"),
        ('<input name="phone">', "The field phone has no label"),
        ('<label for="b">Phone</label><input id="a" name="phone">', "has no label"),
        ('<form method="post"><button>Send</button></form>', "no csrf_token"),
        ('<p aria-describedby="nowhere"></p>', "points at nothing"),
        ('<a href="#nowhere">Down</a>', "leads nowhere"),
        ('<a href="/drafts"></a>', "has no words"),
        ("<button></button>", "A button has no words"),
        ('<p style="color: red"></p>', "inline style"),
        ('<p onclick="go()"></p>', "inline onclick"),
        ("<script>go()</script>", "inline <script>"),
        ('<img alt="" src="https://elsewhere.example.org/x.png">', "asks another host"),
        ('<a href="javascript:go()">Go</a>', "javascript:"),
        ('<img src="/x.png">', "has no alt"),
    ],
)
def test_a_mistake_is_named(content: str, mistake: str) -> None:
    found = mistakes_in(parse(PLAIN.format(content)))
    assert any(mistake in one for one in found), found


def test_a_title_other_than_the_heading_is_named() -> None:
    page = PLAIN.format("").replace("<title>Drafts", "<title>Draft")
    assert mistakes_in(parse(page)) == ["The title is “Draft”, the h1 “Drafts”."]


@pytest.mark.parametrize("content", ["<p><div></p>", "<table><p>x</table>", '<p class="a"b>', "\0"])
def test_wrong_markup_is_not_forgiven(content: str) -> None:
    with pytest.raises(AssertionError, match="markup is wrong"):
        parse(PLAIN.format(content))
