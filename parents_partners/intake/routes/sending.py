from dataclasses import dataclass

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from parents_partners.accounts.actor import current_actor
from parents_partners.core.forms import FieldProblem
from parents_partners.core.permissions import requires
from parents_partners.core.reference import setting, setting_days
from parents_partners.intake import queries, services
from parents_partners.intake.forms import FORMS, Answers, show
from parents_partners.intake.models import Draft
from parents_partners.intake.policies import may_tell_of_a_report
from parents_partners.intake.routes import blueprint
from parents_partners.intake.routes.calls import in_sight_while_speaking
from parents_partners.intake.routes.drafts import to_receipt
from parents_partners.intake.routes.steps import CHECK, judge_steps, step_marks
from parents_partners.intake.types import STEPS, Lists, NotReady
from parents_partners.referrals.submission import Judgement, Section


@dataclass(frozen=True)
class CheckedSection:
    """A step as "check your answers" shows it."""

    section: Section
    change_url: str
    answers: list[Answers]
    problems: list[FieldProblem]
    notes: list[str]


@blueprint.get("/drafts/<public_id:draft_id>/check")
@requires("draft:write")
def check(draft_id: str) -> ResponseReturnValue:
    draft = queries.draft_of(current_actor(), draft_id)
    return to_receipt(draft_id) if draft is None else _check_page(draft)


@blueprint.post("/drafts/<public_id:draft_id>/submit")
@requires("draft:write")
def submit(draft_id: str) -> ResponseReturnValue:
    actor = current_actor()
    draft = queries.draft_of(actor, draft_id, for_change=True)
    if draft is None:
        return to_receipt(draft_id)
    circumstances = queries.circumstances(g.now)
    try:
        receipt = services.submit(draft, circumstances, actor=actor, now=g.now)
    except NotReady:
        return _check_page(draft), 422
    return redirect(url_for("intake.receipt", referral_id=receipt.referral.public_id), 303)


@blueprint.get("/referrals/<public_id:referral_id>/receipt")
@requires("receipt:read")
def receipt(referral_id: str) -> ResponseReturnValue:
    return render_template(
        "intake/receipt.html",
        receipt=queries.receipt_of(current_actor(), referral_id),
        offer_days=setting_days("offer_unanswered_days"),
        first_contact_days=setting_days("first_contact_days"),
        helpline_phone=setting("helpline_phone"),
        helpline_hours=setting("helpline_hours"),
        **in_sight_while_speaking(),
    )


def _check_page(draft: Draft) -> str:
    judged = judge_steps(draft)
    steps = step_marks(draft, judged)
    lists = queries.lists(g.now)
    return render_template(
        "intake/check.html",
        draft=draft,
        sections=[_checked(draft, section, lists, judged[section]) for section in STEPS],
        history_tells_of_a_report=_history_tells_of_a_report(draft),
        steps=steps,
        current_step=len(steps),
        **in_sight_while_speaking(),
    )


def _checked(draft: Draft, section: Section, lists: Lists, judged: Judgement) -> CheckedSection:
    form = FORMS[section].drafted(draft.document, lists)
    problems = show(judged.problems, form)
    if problems and section.value not in draft.section_versions:
        problems = [FieldProblem(None, "This step is not filled in yet.")]
    return CheckedSection(
        section=section,
        change_url=url_for(
            "intake.step", draft_id=draft.public_id, section=section, came_from=CHECK
        ),
        answers=form.answers(),
        problems=problems,
        notes=[note.message for note in judged.notes],
    )


def _history_tells_of_a_report(draft: Draft) -> bool:
    history = draft.document.get("history")
    texts = history.values() if isinstance(history, dict) else ()
    return any(may_tell_of_a_report(text) for text in texts if isinstance(text, str))
