"""What the two decision pages of a supervisor share: the try, and what is said when it failed.
Hand-overs say it alike."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask import abort, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from parents_partners.accounts.actor import current_actor
from parents_partners.advocates.queries import triage
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import db
from parents_partners.core.errors import AlreadyDone, Refused
from parents_partners.core.forms import PostForm, add_problems
from parents_partners.core.local_time import local_day
from parents_partners.core.reference import labels_of
from parents_partners.core.words import joined_words, when_words

UPDATE, FILE = "update", "file"
"""What the buttons of a decision ask for beside the offer: `update` only draws the suggestions
anew, `file` files without one."""


def attempt(
    form: PostForm, act: Callable[[], object], *, done: str | None = None
) -> AlreadyDone | Refused | None:
    """Act, or leave everything as it was and give what stood in the way."""
    try:
        with db.session.begin_nested():
            act()
    except (Refused, AlreadyDone) as hindrance:
        # A page that shows the form again must not show what was undone.
        db.session.expire_all()
        if isinstance(hindrance, Refused):
            add_problems(form, hindrance.problems)
        return hindrance
    if done:
        flash(done, "success")
    return None


def answer_to(
    hindrance: AlreadyDone | Refused | None,
    form: Any,
    address: str,
    again: Callable[[], str],
    *,
    names_shown: Callable[[], None] | None = None,
) -> ResponseReturnValue:
    """Back to the queue; or the form again, or who was quicker with all that was typed.
    `names_shown` notes the reading where the parents who were chosen stand among that."""
    if hindrance is None:
        return redirect(url_for("advocates.triage_queue"), 303)
    if isinstance(hindrance, Refused):
        return again(), 422
    if names_shown:
        names_shown()
    return overtaken_page(hindrance, form.words(), address), 409


def tell_if_overtaken(done: AlreadyDone | None) -> None:
    """Another unit was quicker, and the page is out of sight: what was typed is still given
    back, as far as it can be said without the page."""
    if done is None:
        return
    concerns = labels_of("concern")
    specialist = request.form.get("specialist", "")
    typed = [
        ("Concerns", joined_words([concerns.get(c, "") for c in request.form.getlist("concerns")])),
        ("Family Specialist", triage.specialist_called(current_actor(), specialist) or ""),
        ("Your reason", request.form.get("choice_reason", "")),
        ("Your question", request.form.get("text", "")),
    ]
    abort(make_response(overtaken_page(done, typed, url_for("advocates.triage_queue")), 409))


def overtaken_page(
    done: AlreadyDone, typed: Sequence[tuple[str, str]], address: str, *, to_triage: bool = True
) -> str:
    """Who was quicker, and what was typed in vain; `address` is where to go on."""
    return render_template(
        "advocates/overtaken.html",
        what=done.what,
        by=done.by,
        by_id=done.by_id,
        at=done.at,
        typed=[(label, words) for label, words in typed if words],
        address=address,
        to_triage=to_triage,
    )


def tell_offered(reference: str | None, assignment: Any) -> None:
    filed = f"{reference} is filed. " if reference else ""
    if assignment is None:
        flash(f"{filed}Its parents wait for a Family Specialist.", "success")
        return
    until = when_words(assignment.answer_by, programme_zone())
    name = assignment.specialist.user.name
    flash(f"{filed}Offered to {name}, who has until {until} to answer.", "success")


def today() -> date:
    return local_day(g.now, programme_zone())
