from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from parents_partners.accounts.actor import current_actor
from parents_partners.accounts.models import User
from parents_partners.audit.readings import note_reading_of_list
from parents_partners.core.db import db
from parents_partners.core.errors import Absent
from parents_partners.core.paging import read_key
from parents_partners.core.permissions import requires
from parents_partners.core.reference import setting_days
from parents_partners.intake import queries, services
from parents_partners.intake.routes import blueprint
from parents_partners.intake.types import STEPS
from parents_partners.referrals.queries import open_questions


@blueprint.get("/drafts")
@requires("draft:write", writes=True)
def drafts() -> ResponseReturnValue:
    actor = current_actor()
    page = queries.drafts_of(actor, now=g.now, after=read_key(request.args.get("after")))
    questions = open_questions(actor)
    note_reading_of_list(len(questions))
    return render_template(
        "intake/drafts.html",
        page=page,
        questions=questions,
        steps=len(STEPS) + 1,
        hidden_days=setting_days("draft_hidden_days"),
    )


@blueprint.post("/drafts")
@requires("draft:write")
def start() -> ResponseReturnValue:
    actor = current_actor()
    draft = services.start(account_of(actor.id), actor=actor, now=g.now)
    return redirect(url_for("intake.step", draft_id=draft.public_id, section=STEPS[0]), 303)


@blueprint.post("/drafts/<public_id:draft_id>/delete")
@requires("draft:write")
def delete(draft_id: str) -> ResponseReturnValue:
    actor = current_actor()
    draft = queries.draft_of(actor, draft_id, for_change=True)
    if draft is None:
        return to_receipt(draft_id)
    services.delete(draft, actor=actor, now=g.now)
    flash("The draft is deleted.", "success")
    return redirect(url_for("intake.drafts"), 303)


def to_receipt(draft_id: str) -> ResponseReturnValue:
    """Where a draft leads that is no more, because it was submitted. Raises Absent."""
    referral_id = queries.submitted_from(current_actor(), draft_id)
    if referral_id is None:
        raise Absent
    if request.method == "POST" and request.endpoint != "intake.submit":
        flash(
            "This referral was already sent. What you changed afterwards is not part of it.",
            "warning",
        )
    return redirect(url_for("intake.receipt", referral_id=referral_id), 303)


def account_of(user_id: int | None) -> User:
    account = db.session.get(User, user_id)
    if account is None:
        raise Absent
    return account
