"""What the helpline passes on about a family that is known, of which it learns nothing."""

import re

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from parents_partners.accounts.actor import current_actor
from parents_partners.audit.readings import note_reading_of_call
from parents_partners.core.db import new_public_id
from parents_partners.core.errors import Refused
from parents_partners.core.forms import add_problems, problems_of
from parents_partners.core.permissions import requires
from parents_partners.core.public_id import PublicIdConverter
from parents_partners.intake.forms.call import (
    HeardWithdrawalForm,
    MessageForm,
    known_of_caller,
    known_of_parent,
)
from parents_partners.intake.queries import calls as queries
from parents_partners.intake.routes import blueprint
from parents_partners.intake.routes.calls import always_in_sight
from parents_partners.intake.types import KnownCaller
from parents_partners.referrals.models import Referral
from parents_partners.referrals.queries.messages import reachable_referral
from parents_partners.referrals.services.messages import hear_withdrawal as hear
from parents_partners.referrals.services.messages import leave


@blueprint.get("/referrals/<public_id:referral_id>/message")
@requires("message:leave", writes=True)
def leave_message(referral_id: str) -> ResponseReturnValue:
    """Opened from a call about the family, it has who called already."""
    referral = reachable_referral(current_actor(), referral_id)
    known = {"submission_key": new_public_id(), **known_of_caller(_caller_before(referral))}
    return _message_page(referral, MessageForm(formdata=None, data=known))


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
@requires("withdrawal:hear", writes=True)
def hear_withdrawal(referral_id: str) -> ResponseReturnValue:
    """Opened from a call about the family, it has what the call knows of the parent."""
    referral = reachable_referral(current_actor(), referral_id)
    known = {"submission_key": new_public_id(), **known_of_parent(_caller_before(referral))}
    return _withdrawal_page(referral, HeardWithdrawalForm(formdata=None, data=known))


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
                "It is on record that a parent takes consent back. Where the name was enough, it"
                " took effect at once. In any case the people who answer for the family are told,"
                " and see to what is left.",
                "success",
            )
            return redirect(url_for("intake.calls", _anchor="messages"), 303)
    return _withdrawal_page(referral, form), 422


def _caller_before(referral: Referral) -> KnownCaller | None:
    """Who called, where the page was opened from the call."""
    typed = request.args.get("call", "")
    if not re.fullmatch(PublicIdConverter.regex, typed):
        return None
    known = queries.caller_about(current_actor(), referral, typed)
    if known:
        note_reading_of_call(known.call_id, case_id=referral.case_id, referral_id=referral.id)
    return known


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
