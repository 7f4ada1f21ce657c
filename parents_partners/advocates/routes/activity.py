import re
from datetime import date
from uuid import uuid4

from flask import flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from parents_partners.accounts.actor import current_actor
from parents_partners.advocates.forms.activity import ActivityForm
from parents_partners.advocates.models import Assignment
from parents_partners.advocates.queries.stints import own_stint, parents_of_stints
from parents_partners.advocates.routes import blueprint
from parents_partners.advocates.services import activities
from parents_partners.advocates.types import SupportKind
from parents_partners.audit.readings import note_reading_of_family
from parents_partners.cases.models import Case
from parents_partners.cases.queries import (
    ConsentRow,
    Members,
    case_for,
    consents_in_force,
    members_of,
    people_of,
)
from parents_partners.core.clock import programme_zone
from parents_partners.core.errors import Refused
from parents_partners.core.forms import add_problems, problems_of
from parents_partners.core.local_time import local_day
from parents_partners.core.permissions import requires

LONGEST_DRAFT = 100_000
KEY = re.compile("[0-9a-f]{32}")


@blueprint.get("/families/<public_id:family_id>/activities/new")
@requires("activity:log", writes=True)
def log_activity(family_id: str) -> ResponseReturnValue:
    """The entry to fill in: as it was left, or with what is most likely."""
    case, stint = _carried(family_id)
    members = members_of(case, today=_today())
    kept = activities.draft_of(stint, viewer=current_actor())
    if kept is not None:
        typed = MultiDict((name, value) for name, values in kept.items() for value in values)
        form = ActivityForm(_people(members), formdata=typed)
    else:
        form = ActivityForm(
            _people(members), formdata=None, data=_likely(stint, request.args.get("kind"))
        )
    return _page(case, stint, members, form, kept=kept is not None)


@blueprint.post("/families/<public_id:family_id>/activities/new")
@requires("activity:log")
def save_activity(family_id: str) -> ResponseReturnValue:
    """Log it, or keep it or drop it as a draft, as the pressed button says."""
    actor = current_actor()
    case, stint = _carried(family_id)
    pressed = request.form.get("go")
    if pressed == "discard":
        activities.drop_draft(stint, actor=actor)
        flash("The draft is deleted.", "success")
        return redirect(url_for("advocates.family", family_id=family_id), 303)
    if pressed == "draft":
        _keep(stint)
        flash("Your draft is saved. It waits here for you.", "success")
        return redirect(url_for("advocates.family", family_id=family_id), 303)
    members, consents = people_of(case, today=_today())
    form = ActivityForm(_people(members))
    if not KEY.fullmatch(form.submission_key.data or ""):
        form.submission_key.data = _new_key()
    if not form.validate():
        return _page(case, stint, members, form), 422
    command = form.command()
    try:
        activities.log_activity(stint, command, actor=actor, now=g.now)
    except Refused as refusal:
        add_problems(form, refusal.problems)
        return _page(case, stint, members, form), 422
    except activities.LoggedOtherwise:
        # The back button after a save: what stands here is another entry, if they want it.
        form.submission_key.data = _new_key()
        add_problems(
            form,
            {
                "": "You saved this entry before, with other content, and it stays as it was. Press"
                " Save again to log what stands here as another entry."
            },
        )
        return _page(case, stint, members, form), 409
    activities.drop_draft(stint, actor=actor)
    if form.happened_at.when.assumed:
        flash(form.happened_at.when.assumed, "info")
    flash("The activity is logged.", "success")
    if command.made and _unconfirmed(members, consents) & command.participants:
        flash(
            "Has the parent heard what they agreed to? Read it to them and record the answer, with"
            " Confirm the consent on the family's page.",
            "info",
        )
    where = "advocates.log_activity" if pressed == "another" else "advocates.family"
    return redirect(url_for(where, family_id=family_id), 303)


@blueprint.post("/families/<public_id:family_id>/activities/draft")
@requires("activity:log")
def save_activity_draft(family_id: str) -> ResponseReturnValue:
    """Keep what was typed so far, while it is being typed."""
    _, stint = _carried(family_id)
    _keep(stint)
    return jsonify({})


def _carried(family_id: str) -> tuple[Case, Assignment]:
    actor = current_actor()
    case = case_for(actor, family_id)
    return case, own_stint(actor, case)


def _today() -> date:
    return local_day(g.now, programme_zone())


def _people(members: Members) -> list[tuple[str, str]]:
    return [(row.public_id, row.name) for row in members.everybody]


def _likely(stint: Assignment, kind: str | None) -> dict[str, object]:
    """Now, reached, the parent if there is only one, and the kind of support, where the way here
    says it."""
    parents = parents_of_stints([stint.id]).get(stint.id, ())
    return {
        "submission_key": _new_key(),
        "made": "yes",
        "happened_at": f"{g.now.astimezone(programme_zone()):%Y-%m-%dT%H:%M}",
        "kinds": [kind] if kind in set(SupportKind) else [],
        "participants": [parents[0].public_id] if len(parents) == 1 else [],
    }


def _new_key() -> str:
    return uuid4().hex


def _keep(stint: Assignment) -> None:
    typed = {
        name: values for name, values in request.form.lists() if name not in ("csrf_token", "go")
    }
    if not all(KEY.fullmatch(key) for key in typed.get("submission_key", [])):
        # Not one that a page of ours gave: saving makes a new one, as for a page without.
        del typed["submission_key"]
    if sum(len(value) for values in typed.values() for value in values) > LONGEST_DRAFT:
        raise Refused("This draft is too long to be kept. Shorten the note.")
    activities.keep_draft(stint, typed, actor=current_actor(), now=g.now)


def _unconfirmed(members: Members, consents: list[ConsentRow]) -> frozenset[str]:
    """Parents who have not confirmed to their specialist all that they allow (ADV-05)."""
    unconfirmed = {
        row.person_id for row in consents if row.withdrawn_at is None and row.confirmed_at is None
    }
    return frozenset(row.public_id for row in members.parents if row.id in unconfirmed)


def _page(
    case: Case, stint: Assignment, members: Members, form: ActivityForm, *, kept: bool = False
) -> str:
    note_reading_of_family(case.id)
    return render_template(
        "advocates/log_activity.html",
        case=case,
        members=members,
        form=form,
        kept=kept,
        allowed=consents_in_force(case.id),
        problems=problems_of(form),
    )
