"""Somebody who has no mouse: Tab to get there, the keys of the control once there."""

from datetime import date

from playwright.sync_api import Page

FARTHEST = 150
"""More presses of Tab than any page of ours needs."""


class Keyboard:
    def __init__(self, page: Page) -> None:
        self._page = page

    def press(self, key: str) -> None:
        self._page.keyboard.press(key)

    def reach(self, what: str) -> None:
        """Tab until the focus is on the control with this id or name, or the button or link with
        these words."""
        for _ in range(FARTHEST):
            self.press("Tab")
            if what in self._focused():
                return
        raise AssertionError(
            f"“{what}” cannot be reached by keyboard on {self._page.url}: "
            f"{self._page.locator('main').inner_text()[:500]}"
        )

    def write(self, field: str, text: str) -> None:
        self.reach(field)
        self._page.keyboard.type(text)

    def write_date(self, field: str, day: date) -> None:
        """Month, day, year, as the browser's field takes them one after the other."""
        self.write(field, f"{day:%m%d%Y}")

    def tick(self, box: str) -> None:
        """Unless it is ticked already: Space would take that back."""
        self.reach(box)
        if not self._page.evaluate("document.activeElement.checked"):
            self.press("Space")

    def choose(self, group: str, value: str) -> None:
        """One of some radio buttons: the arrows go through them."""
        self.reach(group)
        self.press("Space")
        for _ in range(FARTHEST):
            if value in self._focused():
                return
            self.press("ArrowDown")
        raise AssertionError(f"“{value}” of “{group}” cannot be chosen by keyboard.")

    def select(self, field: str, beginning: str) -> None:
        """An entry of a list, by the letters it begins with."""
        self.write(field, beginning)

    def push(self, button: str) -> None:
        """A button or a link."""
        self.reach(button)
        with self._page.expect_navigation():
            self.press("Enter")

    def _focused(self) -> list[str]:
        """By what the control that has the focus is known."""
        known: list[str] = self._page.evaluate(
            """() => {
              const one = document.activeElement;
              return [one.id, one.name, one.value, one.innerText.trim()].filter(Boolean);
            }"""
        )
        return known
