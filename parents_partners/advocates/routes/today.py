from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from parents_partners.accounts.actor import current_actor
from parents_partners.advocates.forms.support import DeclineForm
from parents_partners.advocates.lifecycle import ASSIGNMENT_LIFECYCLE
from parents_partners.advocates.queries.handing_over import hand_overs_today
from parents_partners.advocates.queries.stints import offer_for
from parents_partners.advocates.queries.today import (
    OfferRow,
    first_contact_days,
    offers_of,
    today_of,
)
from parents_partners.advocates.routes import blueprint, hand_over
from parents_partners.advocates.services import answering
from parents_partners.advocates.types import AssignmentAction
from parents_partners.audit.readings import note_reading_of_list, note_reading_of_offer
from parents_partners.core.clock import programme_zone
from parents_partners.core.errors import Absent
from parents_partners.core.forms import problems_of
from parents_partners.core.local_time import local_day
from parents_partners.core.permissions import requires
from parents_partners.core.reference import choices_of, labels_of_lists
from parents_partners.core.words import date_words
from parents_partners.referrals.queries.messages import waiting_messages

ACCEPT = ASSIGNMENT_LIFECYCLE.permission(AssignmentAction.ACCEPT)


@blueprint.get("/today")
@requires("caseload:read", writes=True)
def today() -> ResponseReturnValue:
    """What waits for this Family Specialist."""
    page = today_of(current_actor(), now=g.now)
    hand_overs = hand_overs_today(current_actor(), now=g.now)
    waiting = waiting_messages(current_actor())
    note_reading_of_list(page.rows + hand_overs.rows + len(waiting))
    for offer in page.offers:
        _note_reading(offer)
    for family in hand_overs.to_take:
        hand_over.note_reading(family)
    return render_template(
        "advocates/today.html",
        helpline_messages=waiting,
        page=page,
        hand_overs=hand_overs,
        today=local_day(g.now, programme_zone()),
        labels=labels_of_lists("conference_kind", "language", "service_kind"),
        reasons=_reasons(),
    )


@blueprint.get("/offers/<public_id:assignment_id>")
@requires(ACCEPT, writes=True)
def offer(assignment_id: str) -> ResponseReturnValue:
    """One offer by itself."""
    return _offer_page(_open_offer(assignment_id), DeclineForm(_reasons(), formdata=None))


@blueprint.post("/offers/<public_id:assignment_id>/accept")
@requires(ACCEPT)
def accept_offer(assignment_id: str) -> ResponseReturnValue:
    assignment = offer_for(current_actor(), assignment_id)
    answering.accept(assignment, actor=current_actor(), now=g.now)
    due_on = local_day(g.now, programme_zone()) + first_contact_days()
    flash(
        "You accepted this family. Their page is open to you now. Make the first contact by"
        f" {date_words(due_on)}.",
        "success",
    )
    return redirect(url_for("advocates.family", family_id=assignment.case.public_id), 303)


@blueprint.post("/offers/<public_id:assignment_id>/decline")
@requires(ASSIGNMENT_LIFECYCLE.permission(AssignmentAction.DECLINE))
def decline_offer(assignment_id: str) -> ResponseReturnValue:
    actor = current_actor()
    assignment = offer_for(actor, assignment_id)
    form = DeclineForm(_reasons())
    if not form.validate():
        return _offer_page(_open_offer(assignment_id), form), 422
    answering.decline(assignment, form.reason.data, actor=actor, now=g.now)
    flash("You declined the offer. A supervisor looks for somebody else.", "success")
    return redirect(url_for("advocates.today"), 303)


def _open_offer(assignment_id: str) -> OfferRow:
    rows = offers_of(current_actor(), now=g.now, public_id=assignment_id)
    if not rows:
        raise Absent
    return rows[0]


def _offer_page(row: OfferRow, form: DeclineForm) -> str:
    _note_reading(row)
    return render_template(
        "advocates/offer.html",
        offer=row,
        form=form,
        problems=problems_of(form),
        labels=labels_of_lists("conference_kind", "language"),
    )


def _note_reading(row: OfferRow) -> None:
    note_reading_of_offer(row.id, case_id=row.case_id, referral_id=row.referral_id)


def _reasons() -> list[tuple[str, str]]:
    return choices_of("offer_decline_reason", today=local_day(g.now, programme_zone()))
