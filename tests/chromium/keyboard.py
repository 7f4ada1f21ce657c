"""Somebody who has no mouse: Tab to get there, the keys of the control once there. Wherever the
focus comes to rest on the way, it can be seen."""

import re
from datetime import date

from playwright.sync_api import Locator, Page, expect

FARTHEST = 150
"""More presses of Tab than any page of ours needs."""

FOCUSED = """() => {
  const one = document.activeElement;
  const words = (one.innerText ?? "").replace(/\\s+/g, " ").trim();
  // A tick box is drawn by its label, and so is its focus.
  const boxed = one.matches(".usa-radio__input, .usa-checkbox__input");
  const drawn = boxed ? one.labels[0] : one;
  const style = getComputedStyle(drawn), place = drawn.getBoundingClientRect();
  const seen = (colour) => !/^(transparent|rgba\\(.*, 0\\))$/.test(colour);
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0
    && seen(style.outlineColor);
  const rest = one === document.body;
  return {
    known: [one.id, one.name, one.value, words].filter(Boolean),
    what: one.outerHTML.slice(0, 160),
    ringed: rest || outlined || style.boxShadow !== "none",
    in_sight: rest || (place.width > 0 && place.height > 0 && place.bottom > 0 && place.right > 0
      && place.top < innerHeight && place.left < innerWidth),
  };
}"""

What = str | re.Pattern[str]


class Keyboard:
    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def reach(self, what: What, *, by: str = "Tab") -> None:
        """Tab until the focus is on the control with this id or name, or the button or link with
        these words. `by`: Tab, or Shift+Tab to go back."""
        for _ in range(FARTHEST):
            self.press(by)
            if _among(what, self.focused()):
                return
        raise AssertionError(
            f"“{what}” cannot be reached by keyboard on {self.page.url}: "
            f"{self.page.locator('main').inner_text()[:500]}"
        )

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def write(self, field: str, text: str) -> None:
        self.reach(field)
        self.type(text)

    def write_anew(self, field: str, text: str) -> None:
        """In the place of what stands there."""
        self.reach(field)
        self.press("Control+a")
        self.type(text)

    def write_date(self, field: str, day: date) -> None:
        """Month, day, year, as the browser's field takes them one after the other."""
        self.write(field, f"{day:%m%d%Y}")

    def tick(self, box: What) -> None:
        """Unless it is ticked already: Space would take that back."""
        self.reach(box)
        if not self.page.evaluate("document.activeElement.checked"):
            self.press("Space")

    def choose(self, group: str, value: str) -> None:
        """One of some radio buttons: the arrows go through them."""
        self.reach(group)
        self.press("Space")
        for _ in range(FARTHEST):
            if value in self.focused():
                return
            self.press("ArrowDown")
        raise AssertionError(f"“{value}” of “{group}” cannot be chosen by keyboard.")

    def select(self, field: str, beginning: str) -> None:
        """An entry of a list, by the letters it begins with."""
        self.write(field, beginning)

    def open(self, what: What) -> None:
        """Something that opens in place."""
        self.reach(what)
        self.press("Enter")
        is_open = "document.activeElement.closest('details')?.open"
        assert self.page.evaluate(is_open), f"“{what}” does not open on {self.page.url}"

    def push(self, button: What) -> None:
        """A button or a link."""
        self.reach(button)
        with self.page.expect_navigation():
            self.press("Enter")

    def push_in_place(self, button: What, part: Locator) -> None:
        """A button whose answer takes the place of this part of the page."""
        self.reach(button)
        part.evaluate("one => { one.dataset.old = 'yes' }")
        self.press("Enter")
        expect(part).not_to_have_attribute("data-old", "yes")

    def go_to(self, place: str) -> None:
        """One of the main navigation, reached from the top of a page."""
        self.push(place)

    def focused(self) -> list[str]:
        """By what the control that has the focus is known."""
        found = self.page.evaluate(FOCUSED)
        for _ in range(10):
            if found["in_sight"]:
                break
            # The browser may still be scrolling to it.
            self.page.wait_for_timeout(50)
            found = self.page.evaluate(FOCUSED)
        assert found["ringed"], f"The focus cannot be seen on {self.page.url}: {found['what']}"
        assert found["in_sight"], f"The focus is out of sight on {self.page.url}: {found['what']}"
        known: list[str] = found["known"]
        return known


def _among(what: What, known: list[str]) -> bool:
    if isinstance(what, str):
        return what in known
    return any(what.search(one) for one in known)
