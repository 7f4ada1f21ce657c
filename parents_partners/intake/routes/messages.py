"""What the helpline passes on about a family that is known, of which it learns nothing."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from parents_partners.accounts.actor import current_actor
from parents_partners.core.errors import Refused
from parents_partners.core.forms import add_problems, problems_of
from parents_partners.core.permissions import requires
from parents_partners.intake.forms.call import HeardWithdrawalForm, MessageForm
from parents_partners.intake.routes import blueprint
from parents_partners.intake.routes.calls import always_in_sight
from parents_partners.referrals.models import Referral
from parents_partners.referrals.queries.messages import reachable_referral
from parents_partners.referrals.services.messages import hear_withdrawal as hear
from parents_partners.referrals.services.messages import leave


@blueprint.get("/referrals/<public_id:referral_id>/message")
@requires("message:leave")
def leave_message(referral_id: str) -> ResponseReturnValue:
    referral = reachable_referral(current_actor(), referral_id)
    return _message_page(referral, MessageForm(formdata=None))


@blueprint.post("/referrals/<public_id:referral_id>/message")
@requires("message:leave")
def save_message(referral_id: str) -> ResponseReturnValue:
    actor = current_actor()
    referral = reachable_referral(actor, referral_id)
    form = MessageForm()
    if form.validate():
        try:
            leave(referral, form.command(), actor=actor, now=g.now)
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            flash("Your message is left. Below you see when it was read.", "success")
            return redirect(url_for("intake.calls", _anchor="messages"), 303)
    return _message_page(referral, form), 422


@blueprint.get("/referrals/<public_id:referral_id>/withdrawal-heard")
@requires("withdrawal:hear")
def hear_withdrawal(referral_id: str) -> ResponseReturnValue:
    referral = reachable_referral(current_actor(), referral_id)
    return _withdrawal_page(referral, HeardWithdrawalForm(formdata=None))


@blueprint.post("/referrals/<public_id:referral_id>/withdrawal-heard")
@requires("withdrawal:hear")
def save_heard_withdrawal(referral_id: str) -> ResponseReturnValue:
    actor = current_actor()
    referral = reachable_referral(actor, referral_id)
    form = HeardWithdrawalForm()
    if form.validate():
        try:
            hear(referral, form.command(), actor=actor, now=g.now)
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            # The same words whether the name was that of a parent or not (ADV-05).
            flash(
                "It is on record that a parent takes consent back. If the name is that of one"
                " parent of this family, it took effect at once. If not, the people who answer for"
                " the family are told and see to it.",
                "success",
            )
            return redirect(url_for("intake.calls", _anchor="messages"), 303)
    return _withdrawal_page(referral, form), 422


def _message_page(referral: Referral, form: MessageForm) -> str:
    return render_template(
        "intake/leave_message.html",
        reference=referral.reference,
        referral_id=referral.public_id,
        form=form,
        problems=problems_of(form),
        **always_in_sight(),
    )


def _withdrawal_page(referral: Referral, form: HeardWithdrawalForm) -> str:
    return render_template(
        "intake/hear_withdrawal.html",
        reference=referral.reference,
        referral_id=referral.public_id,
        form=form,
        problems=problems_of(form),
        **always_in_sight(),
    )
