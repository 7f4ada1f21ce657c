"""Messages that the helpline left for a family's people (REF-01)."""

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from parents_partners.accounts.actor import current_actor
from parents_partners.accounts.types import Role
from parents_partners.advocates.routes import blueprint
from parents_partners.core.permissions import requires
from parents_partners.referrals.queries.messages import message_for
from parents_partners.referrals.services.messages import see


@blueprint.post("/messages/<public_id:message_id>/seen")
@requires("message:see")
def see_message(message_id: str) -> ResponseReturnValue:
    """Whoever left it learns that it was read."""
    actor = current_actor()
    message = message_for(actor, message_id)
    see(message, actor=actor, now=g.now)
    flash("Marked as seen. The helpline can see that, too.", "success")
    case = message.referral.case
    if request.form.get("go") == "family" and case is not None:
        return redirect(url_for("advocates.family", family_id=case.public_id), 303)
    first = "advocates.today" if actor.role is Role.SPECIALIST else "advocates.triage_queue"
    return redirect(url_for(first), 303)
