from collections.abc import Sequence

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from parents_partners.accounts.actor import current_actor
from parents_partners.accounts.types import Role
from parents_partners.audit import exports
from parents_partners.audit.readings import note_reading_of_list, note_reading_of_referral
from parents_partners.core.edge import permissions
from parents_partners.core.errors import AlreadyDone, NotPermitted, Refused
from parents_partners.core.forms import FieldProblem, add_problems, problems_of
from parents_partners.core.permissions import requires
from parents_partners.core.reference import setting
from parents_partners.referrals import queries, services
from parents_partners.referrals.exports import REFERRALS, referrals_sheet
from parents_partners.referrals.forms import (
    AnswerForm,
    ListFilter,
    WithdrawForm,
)
from parents_partners.referrals.lifecycle import REFERRAL_LIFECYCLE
from parents_partners.referrals.models import Referral
from parents_partners.referrals.submission import Submission
from parents_partners.referrals.types import ReferralAction, ReferralState

blueprint = Blueprint("referrals", __name__)

ANSWER = REFERRAL_LIFECYCLE.permission(ReferralAction.ANSWER)
WITHDRAW = REFERRAL_LIFECYCLE.permission(ReferralAction.WITHDRAW)


@blueprint.get("/referrals")
@requires("referral:list", writes=True)
def referrals() -> ResponseReturnValue:
    form = ListFilter(request.args)
    shown = form.chosen()
    page = queries.referrals_for(current_actor(), request.args.get("after"), shown=shown, now=g.now)
    note_reading_of_list(len(page.rows))
    return render_template(
        "referrals/referrals.html",
        page=page,
        form=form,
        shown=shown,
        may_export=current_actor().role in permissions().roles("referral:export"),
    )


@blueprint.get("/referrals/export")
@requires("referral:export")
def export_referrals() -> ResponseReturnValue:
    return exports.ask(REFERRALS)


@blueprint.post("/referrals/export")
@requires("referral:export")
def save_referrals() -> ResponseReturnValue:
    return exports.save(REFERRALS, lambda: referrals_sheet(current_actor(), now=g.now))


@blueprint.get("/referrals/<public_id:referral_id>")
@requires("referral:read", writes=True)
def referral(referral_id: str) -> ResponseReturnValue:
    return _page(queries.referral_for(current_actor(), referral_id))


@blueprint.post("/referrals/<public_id:referral_id>/answer")
@requires(ANSWER)
def answer(referral_id: str) -> ResponseReturnValue:
    actor = current_actor()
    found = queries.referral_for(actor, referral_id)
    if not permissions().allows(actor, ANSWER, found):
        raise NotPermitted
    form = AnswerForm(request.form)
    typed = form.text.data or ""
    try:
        services.answer(found, typed, actor=actor, now=g.now)
    except Refused as refused:
        add_problems(form, refused.problems)
        return _page(found, form=form, problems=problems_of(form)), 422
    except AlreadyDone as done:
        # What was typed is shown again: somebody may want to keep it.
        return _page(found, problems=[FieldProblem(None, done.what)], unsent=typed), 409
    flash("Your answer was sent. The referral is back with the supervisors.", "success")
    return redirect(url_for("referrals.referral", referral_id=found.public_id), 303)


@blueprint.post("/referrals/<public_id:referral_id>/withdraw")
@requires(WITHDRAW)
def withdraw(referral_id: str) -> ResponseReturnValue:
    actor = current_actor()
    found = queries.referral_for(actor, referral_id)
    form = WithdrawForm(request.form)
    positions = None
    if _each_parent_decides(found, names := _names(queries.submission_of(found))):
        positions = form.chosen() & set(range(len(names)))
        if not positions:
            add_problems(form, {"parents": "Choose who withdrew."})
            return _page(found, withdrawal=form, problems=problems_of(form)), 422
    stopped = services.withdraw(found, actor=actor, now=g.now, positions=positions)
    flash("The withdrawal is on record.", "success")
    if actor.role is Role.REFERRER:
        # What else was allowed, and stops now, is more than the agency may learn (REF-07).
        stopped = ("Nobody of the programme contacts this parent any more.",)
    for line in stopped:
        flash(line, "info")
    return redirect(url_for("referrals.referral", referral_id=found.public_id), 303)


def _page(
    found: Referral,
    *,
    form: AnswerForm | None = None,
    withdrawal: WithdrawForm | None = None,
    problems: Sequence[FieldProblem] = (),
    unsent: str = "",
) -> str:
    actor = current_actor()
    is_agency = actor.role is Role.REFERRER
    submitted = queries.as_submitted(found)
    names = _names(submitted.document)
    withdrawal = withdrawal or WithdrawForm()
    withdrawal.offer(names)
    note_reading_of_referral(found.id, case_id=found.case_id)
    return render_template(
        "referrals/referral.html",
        referral=found,
        document=submitted.document,
        labels=submitted.labels,
        notes=submitted.notes,
        standing=queries.standing_of(found, now=g.now),
        form=form or AnswerForm(),
        withdrawal=withdrawal,
        helpline_phone=setting("helpline_phone"),
        each_parent_decides=_each_parent_decides(found, names),
        problems=problems,
        unsent=unsent,
        is_agency=is_agency,
        # A parent may have said so to us alone, and the numbers are the agency's own (REF-07).
        do_not_contact=frozenset() if is_agency else queries.out_of_reach(found),
        may_list=actor.role in permissions().roles("referral:list"),
        may=permissions().actions(actor, REFERRAL_LIFECYCLE, found.state, found),
        # Also once it is filed: then the parents' consents are withdrawn.
        may_withdraw=permissions().allows(actor, WITHDRAW, found),
        said=_said(found),
    )


def _said(found: Referral) -> Sequence[queries.SaidBeside]:
    """What supervisors said of look-alikes, for them alone. Others' families are named there."""
    actor = current_actor()
    if not permissions().allows(actor, "likeness:read", found):
        return ()
    said = queries.said_about(actor, found)
    note_reading_of_list(len(said))
    return said


def _names(submission: Submission) -> list[str]:
    """Those who agreed, as the referrer typed them: how the programme spells somebody may say
    more than this agency knows."""
    return [f"{parent.first_name} {parent.last_name}" for parent in submission.agreeing_parents]


def _each_parent_decides(found: Referral, names: Sequence[str]) -> bool:
    """Until it is filed a referral is withdrawn as a whole; afterwards each parent's consent
    stands by itself."""
    return found.state is ReferralState.FILED and len(names) > 1
