"""What every page of ours has to be, whatever it shows: a document without mistakes."""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from html5lib.html5parser import ParseError

FIELDS = ("input", "select", "textarea")
NOT_TYPED_INTO = {"hidden", "submit", "button", "image", "reset"}
POINTERS = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "aria-errormessage")
BLOCKS = {"p", "li", "tr", "td", "th", "div", "h1", "h2", "h3", "h4", "dt", "dd", "br", "legend"}


def parse(text: str, *, fragment: bool = False) -> Element:
    """The document's tree, or a fragment's. Raises AssertionError where the markup is wrong."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    try:
        return parser.parseFragment(text) if fragment else parser.parse(text)
    except ParseError as error:
        line, column = parser.errors[-1][0]
        around = "\n".join(text.split("\n")[max(0, line - 3) : line])
        raise AssertionError(
            f"The markup is wrong ({error}) at {line}:{column}:\n{around}"
        ) from error


def text_of(element: Element) -> str:
    """What a person reads: words one blank apart, nothing hidden by an attribute."""
    return " ".join("".join(_texts(element)).split())


def _texts(element: Element) -> Iterator[str]:
    if "hidden" in element.attrib or element.tag in ("script", "style", "template"):
        return
    apart = " " if element.tag in BLOCKS else ""
    yield apart + (element.text or "")
    for child in element:
        yield from _texts(child)
        yield child.tail or ""
    yield apart


def is_typed_into(element: Element) -> bool:
    return element.tag in FIELDS and element.get("type", "text") not in NOT_TYPED_INTO


class Labels:
    """The words that name each field of a page, for those who see and those who listen."""

    def __init__(self, root: Element) -> None:
        self._texts = {one.get("id"): one for one in root.iter() if one.get("id")}
        self._by_id: dict[str, Element] = {}
        self._around: dict[Element, Element] = {}
        for label in root.iter("label"):
            self._by_id[label.get("for", "")] = label
            self._around.update((inside, label) for inside in label.iter() if inside is not label)

    def of(self, field: Element) -> str | None:
        if field.get("aria-label"):
            return field.get("aria-label")
        named_by = (field.get("aria-labelledby") or "").split()
        if named_by:
            return " ".join(text_of(self._texts[one]) for one in named_by if one in self._texts)
        label = self._by_id.get(field.get("id", ""), self._around.get(field))
        return None if label is None else text_of(label)


def mistakes_in(root: Element) -> list[str]:
    """What is wrong with a document, as sentences."""
    return [
        *_title_and_heading(root),
        *_ids(root),
        *_fields(root),
        *_forms(root),
        *_inline(root),
        *_pictures(root),
    ]


def _title_and_heading(root: Element) -> Iterator[str]:
    headings = [text_of(heading) for heading in root.iter("h1")]
    title = " ".join("".join(one.text or "" for one in root.iter("title")).split())
    if len(headings) != 1:
        yield f"A page has one h1, this one has {len(headings)}."
    elif headings[0] != title:
        yield f"The title is “{title}”, the h1 “{headings[0]}”."
    if not root.get("lang"):
        yield "The page does not say its language."


def _ids(root: Element) -> Iterator[str]:
    ids = Counter(element.get("id") for element in root.iter() if element.get("id") is not None)
    for one, times in ids.items():
        if times > 1:
            yield f"The id {one} stands there {times} times."
    for element in root.iter():
        for attribute in POINTERS:
            for one in (element.get(attribute) or "").split():
                if one not in ids:
                    yield f"{attribute}={one} on <{element.tag}> points at nothing."
        target = element.get("href", "")
        if element.tag == "a" and re.fullmatch("#.+", target) and target[1:] not in ids:
            yield f"The link to {target} leads nowhere."


def _fields(root: Element) -> Iterator[str]:
    labels = Labels(root)
    for field in root.iter():
        if is_typed_into(field) and not labels.of(field):
            yield f"The field {field.get('name')} has no label."
        shown_button = field.tag == "button" and "hidden" not in field.attrib
        if shown_button and not (text_of(field) or field.get("aria-label")):
            yield "A button has no words."
        if field.tag == "a" and "href" in field.attrib:
            pictures = [picture.get("alt", "") for picture in field.iter("img")]
            if not (text_of(field) or field.get("aria-label") or "".join(pictures)):
                yield f"The link to {field.get('href')} has no words."


def _forms(root: Element) -> Iterator[str]:
    for form in root.iter("form"):
        if form.get("method", "get").lower() == "post":
            tokens = [one for one in form.iter("input") if one.get("name") == "csrf_token"]
            if not tokens or not tokens[0].get("value"):
                yield f"The form to {form.get('action')} has no csrf_token."


def _inline(root: Element) -> Iterator[str]:
    for element in root.iter():
        for attribute in element.attrib:
            if attribute == "style" or attribute.startswith("on"):
                yield f"<{element.tag}> has an inline {attribute}, which the browser would refuse."
        if element.tag == "style" or (element.tag == "script" and not element.get("src")):
            yield f"There is an inline <{element.tag}>, which the browser would refuse."
        for attribute in ("src", "href", "action"):
            address = urlsplit(element.get(attribute, ""))
            if address.scheme == "javascript":
                yield f"<{element.tag}> has a javascript: {attribute}."
            if address.netloc and element.tag not in ("a",):
                yield f"<{element.tag}> asks another host: {address.netloc}."


def _pictures(root: Element) -> Iterator[str]:
    for picture in root.iter("img"):
        if picture.get("alt") is None:
            yield f"The picture {picture.get('src')} has no alt."
