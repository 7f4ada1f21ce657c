"""What a service raises when it will not do what was asked. The edge turns each into a page."""

from datetime import datetime


class Refused(Exception):
    """The request breaks a rule. `problems` maps a field's name to words; "" is the whole form."""

    def __init__(self, problems: dict[str, str] | str) -> None:
        self.problems = {"": problems} if isinstance(problems, str) else problems
        super().__init__("; ".join(self.problems.values()))


class AlreadyDone(Exception):
    """Somebody was quicker (pitfall 5). Says who and when, so that nobody has to guess. `by_id` is
    the account, where it is known: a second press of one's own is answered in other words."""

    def __init__(
        self, what: str, *, by: str | None, at: datetime | None, by_id: int | None = None
    ) -> None:
        self.what, self.by, self.at, self.by_id = what, by, at, by_id
        super().__init__(what)


class Absent(Exception):
    """There is no such thing, or not for this person: the two must look the same."""


class NotPermitted(Exception):
    """This person's role may not do this, whatever the object."""
