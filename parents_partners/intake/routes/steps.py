from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from parents_partners.accounts.actor import current_actor
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import db
from parents_partners.core.errors import Absent
from parents_partners.core.forms import FieldProblem
from parents_partners.core.local_time import local_day
from parents_partners.core.permissions import requires
from parents_partners.intake import queries, services
from parents_partners.intake.forms import FORMS, Step, fill, show
from parents_partners.intake.models import Draft
from parents_partners.intake.routes import blueprint
from parents_partners.intake.routes.calls import in_sight_while_speaking
from parents_partners.intake.routes.drafts import to_receipt
from parents_partners.intake.types import STEPS, Document, StaleSection, Unkeepable
from parents_partners.referrals.submission import Judgement, Section, judge_step

CHECK = "check"


@dataclass(frozen=True)
class StepMark:
    """A step in the step indicator."""

    label: str
    url: str
    done: bool


@blueprint.get("/drafts/<public_id:draft_id>/<step:section>")
@requires("draft:write")
def step(draft_id: str, section: Section) -> ResponseReturnValue:
    draft = queries.draft_of(current_actor(), draft_id)
    if draft is None:
        return to_receipt(draft_id)
    form = FORMS[section].drafted(draft.document, queries.lists(g.now))
    # Nothing is red at rest: only who comes from "check your answers" to a step that was saved
    # came to mend something.
    to_mend = _came_from() == CHECK and section.value in draft.section_versions
    problems = _show_problems(section, draft.document, form) if to_mend else []
    return _page(draft, section, form, problems=problems)


@blueprint.post("/drafts/<public_id:draft_id>/<step:section>")
@requires("draft:write")
def save_step(draft_id: str, section: Section) -> ResponseReturnValue:
    draft = queries.draft_of(current_actor(), draft_id, for_change=True)
    if draft is None:
        return to_receipt(draft_id)
    lists = queries.lists(g.now)
    form = FORMS[section].typed(request.form, lists)
    landing = form.change_rows(add=request.form.get("add"), remove=request.form.get("remove"))
    today = local_day(g.now, programme_zone())
    typed, filled = fill(request.form.get("fill"), form, draft.document, today=today)
    try:
        _keep(draft, section, form, typed)
    except Unkeepable:
        document = {**draft.document, **typed}
        not_saved = FieldProblem(None, "Nothing of this page was saved. Mend this first:")
        problems = [not_saved, *_show_problems(section, document, form)]
        return _page(draft, section, form, problems=problems), 422
    except StaleSection as stale:
        saved = FORMS[section].drafted(stale.saved, lists)
        return _page(draft, section, form, saved_elsewhere=saved), 409
    here = url_for("intake.step", draft_id=draft_id, section=section, came_from=_came_from())
    if landing or filled:
        return redirect(f"{here}#{landing or filled}", 303)
    if request.form.get("go") == "later":
        flash("Your draft is saved. Come back to it whenever you like.", "success")
        return redirect(url_for("intake.drafts"), 303)
    problems = _show_problems(section, draft.document, form)
    if problems:
        return _page(draft, section, form, problems=problems, saved=True), 422
    return redirect(_next_url(draft_id, section), 303)


@blueprint.post("/drafts/<public_id:draft_id>/autosave/<step:section>")
@requires("draft:write")
def autosave(draft_id: str, section: Section) -> ResponseReturnValue:
    """Keeps what was typed and judges nothing. Answers with the version to go on from."""
    actor = current_actor()
    draft = queries.draft_of(actor, draft_id, for_change=True)
    if draft is None:
        if queries.submitted_from(actor, draft_id) is None:
            raise Absent
        return jsonify(error="sent"), 409
    form = FORMS[section].typed(request.form, queries.lists(g.now))
    try:
        _keep(draft, section, form, form.fragment())
    except Unkeepable:
        return jsonify(error="unkeepable"), 422
    except StaleSection:
        return jsonify(error="stale"), 409
    return jsonify(version=draft.section_versions[section.value])


def judge_steps(draft: Draft) -> dict[Section, Judgement]:
    circumstances = queries.circumstances(g.now)
    return {section: judge_step(section, draft.document, circumstances) for section in STEPS}


def step_marks(draft: Draft, judged: Mapping[Section, Judgement]) -> list[StepMark]:
    """Every step can be gone to at any time: a form is filled in as a talk goes."""
    marks = [
        StepMark(
            label=section.label,
            url=url_for("intake.step", draft_id=draft.public_id, section=section),
            done=section.value in draft.section_versions and not judged[section].problems,
        )
        for section in STEPS
    ]
    check = url_for("intake.check", draft_id=draft.public_id)
    return [*marks, StepMark("Check your answers", check, done=False)]


def _keep(draft: Draft, section: Section, form: Step, typed: Document) -> None:
    version = request.form.get("version", type=int)
    services.keep(
        draft,
        section,
        typed,
        properties=form.properties(),
        version=version if version is not None else -1,
        now=g.now,
    )
    # A commit of its own: what somebody typed outlives the refusal of what they typed.
    db.session.commit()


def _show_problems(section: Section, document: Document, form: Step) -> list[FieldProblem]:
    return show(judge_step(section, document, queries.circumstances(g.now)).problems, form)


def _came_from() -> str | None:
    """Who came from "check your answers" goes back there."""
    return CHECK if request.values.get("came_from") == CHECK else None


def _next_url(draft_id: str, section: Section) -> str:
    if _came_from() == CHECK or section is STEPS[-1]:
        return url_for("intake.check", draft_id=draft_id)
    following = STEPS[STEPS.index(section) + 1]
    return url_for("intake.step", draft_id=draft_id, section=following)


def _page(
    draft: Draft,
    section: Section,
    form: Step,
    *,
    problems: list[FieldProblem] | None = None,
    saved: bool = False,
    saved_elsewhere: Step | None = None,
) -> str:
    url = url_for("intake.step", draft_id=draft.public_id, section=section)
    return render_template(
        f"intake/steps/{section.value}.html",
        draft=draft,
        section=section,
        form=form,
        problems=problems or [],
        saved=saved,
        saved_elsewhere=saved_elsewhere,
        version=draft.section_versions.get(section.value, 0),
        came_from=_came_from(),
        steps=step_marks(draft, judge_steps(draft)),
        current_step=STEPS.index(section) + 1,
        url=url,
        autosave_url=url_for("intake.autosave", draft_id=draft.public_id, section=section),
        **in_sight_while_speaking(),
    )
