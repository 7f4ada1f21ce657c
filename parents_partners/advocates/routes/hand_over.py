"""A family goes over to another Family Specialist: asked, prepared, taken."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from parents_partners.accounts.actor import current_actor
from parents_partners.advocates.forms.hand_over import AskHandOverForm, GiveForm
from parents_partners.advocates.forms.support import DeclineForm
from parents_partners.advocates.lifecycle import HAND_OVER_LIFECYCLE
from parents_partners.advocates.models import Assignment, HandOver
from parents_partners.advocates.queries.handing_over import (
    FamilyToTake,
    asked_of,
    families_to_take,
    given_to,
    hand_over_of_unit,
)
from parents_partners.advocates.queries.notes import MOST_ENTRIES, Entry, entries_to_pass_on
from parents_partners.advocates.queries.service_referrals import services_of
from parents_partners.advocates.queries.stints import (
    author_of_draft,
    parents_of_stints,
    support_for,
)
from parents_partners.advocates.queries.suggestions import suggestions_for_case
from parents_partners.advocates.queries.tasks import tasks_of
from parents_partners.advocates.queries.today import first_contact_days
from parents_partners.advocates.routes import blueprint
from parents_partners.advocates.routes.deciding import overtaken_page
from parents_partners.advocates.services import handing_over
from parents_partners.advocates.types import HandOverAction, HandOverState, TaskState
from parents_partners.audit.readings import note_reading_of_family, note_reading_of_offer
from parents_partners.cases.models import Case
from parents_partners.cases.queries import conferences_of
from parents_partners.core.clock import programme_zone
from parents_partners.core.errors import Absent, AlreadyDone, Refused
from parents_partners.core.forms import add_problems, problems_of
from parents_partners.core.local_time import local_day
from parents_partners.core.permissions import requires
from parents_partners.core.reference import choices_of, labels_of_lists
from parents_partners.core.words import date_words, when_words

GIVE = HAND_OVER_LIFECYCLE.permission(HandOverAction.GIVE)
TAKE = HAND_OVER_LIFECYCLE.permission(HandOverAction.TAKE)
DECLINE = HAND_OVER_LIFECYCLE.permission(HandOverAction.DECLINE)
TAKE_BACK = HAND_OVER_LIFECYCLE.permission(HandOverAction.TAKE_BACK)


@blueprint.get("/support/<public_id:assignment_id>/hand-over")
@requires("hand_over:ask", writes=True)
def hand_over_ask(assignment_id: str) -> ResponseReturnValue:
    """Who could take the family over, and what speaks for and against each."""
    stint = support_for(current_actor(), assignment_id)
    return _ask_page(stint, _ask_form(stint))


@blueprint.post("/support/<public_id:assignment_id>/hand-over")
@requires("hand_over:ask")
def hand_over_save_request(assignment_id: str) -> ResponseReturnValue:
    actor = current_actor()
    stint = support_for(actor, assignment_id)
    form = _ask_form(stint)
    if not form.validate():
        return _ask_page(stint, form), 422
    try:
        hand_over = handing_over.ask(
            stint, form.specialist.data, choice_reason=form.reason(), actor=actor, now=g.now
        )
    except Refused as refusal:
        add_problems(form, refusal.problems)
        return _ask_page(stint, form), 422
    except AlreadyDone as done:
        return overtaken_page(done, form.words(), _family_url(stint.case), to_triage=False), 409
    flash(
        f"{stint.specialist.user.name} is asked to prepare the hand-over to"
        f" {hand_over.to_specialist.user.name}. Until it is taken, nothing changes.",
        "success",
    )
    return redirect(_family_url(stint.case), 303)


@blueprint.get("/hand-overs/<public_id:asked_id>/give")
@requires(GIVE, writes=True)
def hand_over_give(asked_id: str) -> ResponseReturnValue:
    """What is open, whom to ask, and which notes may pass on."""
    hand_over = asked_of(current_actor(), asked_id)
    if hand_over.state is not HandOverState.ASKED:
        return redirect(url_for("advocates.today"), 303)
    return _give_page(hand_over, *_give_form(hand_over))


@blueprint.post("/hand-overs/<public_id:asked_id>/give")
@requires(GIVE)
def hand_over_save(asked_id: str) -> ResponseReturnValue:
    actor = current_actor()
    try:
        hand_over = _asked(asked_id)
    except AlreadyDone as done:
        return _words_back(done), 409
    form, entries = _give_form(hand_over)
    if not form.validate():
        return _give_page(hand_over, form, entries), 422
    try:
        handing_over.give(hand_over, form.command(), actor=actor, now=g.now)
    except Refused as refusal:
        add_problems(form, refusal.problems)
        return _give_page(hand_over, form, entries), 422
    except AlreadyDone as done:
        return _words_back(done), 409
    flash(
        f"{hand_over.to_specialist.user.name} can take the family over now. Until then you go on"
        " supporting it.",
        "success",
    )
    return redirect(url_for("advocates.today"), 303)


@blueprint.post("/hand-overs/<public_id:asked_id>/decline-giving")
@requires(DECLINE)
def hand_over_decline_giving(asked_id: str) -> ResponseReturnValue:
    actor = current_actor()
    hand_over = _asked(asked_id)
    decline = DeclineForm(_reasons_to_keep())
    if not decline.validate():
        return _give_page(hand_over, *_give_form(hand_over, empty=True), decline), 422
    handing_over.decline_giving(hand_over, decline.reason.data, actor=actor, now=g.now)
    flash("You declined. Your supervisor sees why, and you go on with the family.", "success")
    return redirect(url_for("advocates.today"), 303)


@blueprint.get("/hand-overs/<public_id:hand_over_id>")
@requires(TAKE, writes=True)
def hand_over(hand_over_id: str) -> ResponseReturnValue:
    """One family that is ready to be taken over."""
    return _take_page(_ready(hand_over_id), DeclineForm(_reasons_not_to_take(), formdata=None))


@blueprint.post("/hand-overs/<public_id:hand_over_id>/take")
@requires(TAKE)
def hand_over_take(hand_over_id: str) -> ResponseReturnValue:
    actor = current_actor()
    asked = given_to(actor, hand_over_id)
    stint = handing_over.take(asked, actor=actor, now=g.now)
    due_on = local_day(g.now, programme_zone()) + first_contact_days()
    flash(
        "You support this family now. Their page is open to you, with what was passed on. Get in"
        f" touch by {date_words(due_on)}.",
        "success",
    )
    return redirect(_family_url(stint.case), 303)


@blueprint.post("/hand-overs/<public_id:hand_over_id>/decline")
@requires(DECLINE)
def hand_over_decline_taking(hand_over_id: str) -> ResponseReturnValue:
    actor = current_actor()
    asked = given_to(actor, hand_over_id)
    form = DeclineForm(_reasons_not_to_take())
    if not form.validate():
        return _take_page(_ready(hand_over_id), form), 422
    handing_over.decline_taking(asked, form.reason.data, actor=actor, now=g.now)
    flash("You declined. The family stays where it is, and a supervisor sees to it.", "success")
    return redirect(url_for("advocates.today"), 303)


@blueprint.post("/hand-overs/<public_id:unit_hand_over_id>/take-back")
@requires(TAKE_BACK)
def hand_over_take_back(unit_hand_over_id: str) -> ResponseReturnValue:
    actor = current_actor()
    asked = hand_over_of_unit(actor, unit_hand_over_id)
    handing_over.take_back(asked, actor=actor, now=g.now)
    flash("The hand-over is taken back. The family stays where it is.", "success")
    return redirect(_family_url(asked.assignment.case), 303)


def _ask_form(stint: Assignment) -> AskHandOverForm:
    carrier = stint.specialist.user
    others = [
        one
        for one in suggestions_for_case(current_actor(), stint.case, now=g.now)
        if one.public_id != carrier.public_id and (one.available or one.name != carrier.name)
    ]
    return AskHandOverForm(others)


def _ask_page(stint: Assignment, form: AskHandOverForm) -> str:
    note_reading_of_family(stint.case_id)
    return render_template(
        "advocates/hand_over_ask.html",
        stint=stint,
        case=stint.case,
        parents=parents_of_stints([stint.id]).get(stint.id, ()),
        form=form,
        problems=problems_of(form),
    )


def _give_form(asked: HandOver, *, empty: bool = False) -> tuple[GiveForm, list[Entry]]:
    """`empty`: another form of the page was sent."""
    stint = asked.assignment
    entries = entries_to_pass_on(current_actor(), stint)
    zone = programme_zone()
    form = GiveForm(
        parents=[
            (parent.public_id, parent.name)
            for parent in parents_of_stints([stint.id]).get(stint.id, ())
        ],
        entries=[
            (entry.public_id, f"{when_words(entry.happened_at, zone)} · {entry.mode.label}")
            for entry in entries
        ],
        **({"formdata": None} if empty or request.method == "GET" else {}),
    )
    if not form.is_submitted():
        form.asked_on.data = local_day(g.now, zone).isoformat()
    return form, entries


def _give_page(
    asked: HandOver, form: GiveForm, entries: list[Entry], decline: DeclineForm | None = None
) -> str:
    case = asked.assignment.case
    actor = current_actor()
    note_reading_of_family(case.id)
    return render_template(
        "advocates/hand_over_give.html",
        hand_over=asked,
        case=case,
        tasks=[
            row
            for row in tasks_of(case, now=g.now)
            if row.state is TaskState.OPEN and row.owner_id == actor.id
        ],
        services=[row for row in services_of(case) if row.is_open],
        conferences=[
            row for row in conferences_of(case) if not row.cancelled and row.starts_at >= g.now
        ],
        drafted=author_of_draft(asked.assignment) is not None,
        labels=labels_of_lists("conference_kind", "service_kind"),
        form=form,
        first_words={entry.public_id: entry.first_words for entry in entries},
        cut_off=len(entries) == MOST_ENTRIES,
        decline=decline or DeclineForm(_reasons_to_keep(), formdata=None),
        declines=decline is not None,
        problems=problems_of(decline or form),
    )


def _asked(asked_id: str) -> HandOver:
    """Nothing of the family stands on the page of one that is over: it may be another's by now."""
    hand_over = asked_of(current_actor(), asked_id)
    if hand_over.state is not HandOverState.ASKED:
        raise handing_over.no_longer(hand_over)
    return hand_over


def _words_back(done: AlreadyDone) -> str:
    """Of the page that is over, no more than what its reader wrote themself."""
    typed = [("Your words", request.form.get("words", ""))]
    return overtaken_page(done, typed, url_for("advocates.today"), to_triage=False)


def _ready(hand_over_id: str) -> FamilyToTake:
    rows = families_to_take(current_actor(), now=g.now, public_id=hand_over_id)
    if not rows:
        raise Absent
    return rows[0]


def _take_page(row: FamilyToTake, form: DeclineForm) -> str:
    note_reading(row)
    return render_template(
        "advocates/hand_over.html",
        family=row,
        form=form,
        problems=problems_of(form),
        labels=labels_of_lists("conference_kind", "language"),
    )


def note_reading(row: FamilyToTake) -> None:
    """Whoever may take a family over is shown who its parents are, as with an offer."""
    note_reading_of_offer(row.assignment_id, case_id=row.case_id, referral_id=row.referral_id)


def _reasons_to_keep() -> list[tuple[str, str]]:
    return choices_of("hand_over_decline_reason", today=local_day(g.now, programme_zone()))


def _reasons_not_to_take() -> list[tuple[str, str]]:
    return choices_of("offer_decline_reason", today=local_day(g.now, programme_zone()))


def _family_url(case: Case) -> str:
    return url_for("advocates.family", family_id=case.public_id)
