"""The supervisors' pages: the queue, and the decision about a referral or a waiting family."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from parents_partners.accounts.actor import current_actor
from parents_partners.advocates.forms.triage import (
    AskForm,
    DecisionForm,
    DeclineForm,
    DuplicateForm,
    FamilyOfferForm,
    QueueFilterForm,
)
from parents_partners.advocates.queries import triage
from parents_partners.advocates.queries.stints import support_for
from parents_partners.advocates.queries.suggestions import (
    suggestions_for_case,
    suggestions_for_referral,
)
from parents_partners.advocates.routes import blueprint
from parents_partners.advocates.services import routing
from parents_partners.advocates.suggestions import Suggestion
from parents_partners.audit import services as audit
from parents_partners.audit.types import Event
from parents_partners.cases.models import Case
from parents_partners.cases.queries import case_for, conferences_of, members_of
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import db
from parents_partners.core.errors import Absent, AlreadyDone, Refused
from parents_partners.core.forms import add_problems, problems_of
from parents_partners.core.local_time import local_day
from parents_partners.core.permissions import requires
from parents_partners.core.reference import choices_of, labels_of
from parents_partners.core.words import joined_words, when_words
from parents_partners.referrals import queries as referrals
from parents_partners.referrals import services as referral_services
from parents_partners.referrals.lifecycle import AWAITING_DECISION
from parents_partners.referrals.models import Referral

OFFER, UPDATE, FILE = "offer", "update", "file"
"""What the buttons of a decision ask for: `update` only draws the suggestions anew."""


@blueprint.get("/triage")
@requires("triage:read")
def triage_queue() -> ResponseReturnValue:
    actor = current_actor()
    form = QueueFilterForm(
        request.args,
        languages=choices_of("language", today=_today()),
        organisations=triage.organisations_in_queue(),
    )
    asked = {name: value for name, value in form.data.items() if value}
    page = triage.triage_queue(actor, form.wanted(), now=g.now, after=request.args.get("after"))
    return render_template(
        "advocates/triage_queue.html",
        form=form,
        asked=asked,
        page=page,
        measure=triage.first_contact_measure(actor, now=g.now),
        overdue=triage.overdue_offers(actor, now=g.now),
    )


@blueprint.get("/triage/referrals/<public_id:referral_id>")
@requires("triage:read", writes=True)
def triage_referral(referral_id: str) -> ResponseReturnValue:
    desk = _desk(referral_id)
    if desk.referral.state not in AWAITING_DECISION:
        return redirect(url_for("referrals.referral", referral_id=referral_id), 303)
    form = desk.decision()
    form.tick_all_parents()
    form.version.data = str(desk.referral.version)
    return desk.page(form)


@blueprint.post("/triage/referrals/<public_id:referral_id>/offer")
@requires("referral:file")
def triage_offer(referral_id: str) -> ResponseReturnValue:
    desk = _desk(referral_id)
    form = desk.decision()
    form.without_offer = request.form.get("go") == FILE
    if request.form.get("go") == UPDATE:
        return desk.page(form)
    if not form.validate():
        return desk.page(form), 422
    refused = _try(
        form,
        lambda: _tell_offered(
            desk.referral.reference,
            routing.file_and_offer(desk.referral, form.command(), actor=current_actor(), now=g.now),
        ),
    )
    return _after(refused, form, desk.address, lambda: desk.page(form))


@blueprint.post("/triage/referrals/<public_id:referral_id>/ask")
@requires("referral:ask")
def triage_ask(referral_id: str) -> ResponseReturnValue:
    desk = _desk(referral_id)
    form = AskForm()
    refused = _try(
        form,
        lambda: referral_services.ask(
            desk.referral, form.text.data or "", actor=current_actor(), now=g.now
        ),
        done=f"Your question about {desk.referral.reference} was sent to the referrer.",
    )
    return _after(refused, form, desk.address, lambda: desk.page(desk.decision(), ask=form))


@blueprint.post("/triage/referrals/<public_id:referral_id>/decline")
@requires("referral:decline")
def triage_decline(referral_id: str) -> ResponseReturnValue:
    desk = _desk(referral_id)
    form = desk.decline()
    if not form.validate():
        return desk.page(desk.decision(), decline=form), 422
    refused = _try(
        form,
        lambda: referral_services.decline(
            desk.referral, form.reason.data, actor=current_actor(), now=g.now
        ),
        done=f"{desk.referral.reference} is declined. The referrer sees the reason.",
    )
    return _after(refused, form, desk.address, lambda: desk.page(desk.decision(), decline=form))


@blueprint.post("/triage/referrals/<public_id:referral_id>/duplicate")
@requires("referral:mark_duplicate")
def triage_duplicate(referral_id: str) -> ResponseReturnValue:
    desk = _desk(referral_id)
    form = desk.duplicate()

    def mark() -> None:
        original = triage.referral_called(current_actor(), form.chosen_reference())
        if original is None:
            raise Refused(
                {"reference": "Choose the referral that we had before, or write its reference."}
            )
        try:
            referral_services.mark_duplicate(
                desk.referral, original, actor=current_actor(), now=g.now
            )
        except Refused as refused:
            # Beside the field that is always there.
            raise Refused({"reference": " ".join(refused.problems.values())}) from None

    refused = _try(form, mark, done=f"{desk.referral.reference} is marked as a duplicate.")
    return _after(refused, form, desk.address, lambda: desk.page(desk.decision(), duplicate=form))


@blueprint.get("/triage/families/<public_id:family_id>")
@requires("triage:read", writes=True)
def triage_family(family_id: str) -> ResponseReturnValue:
    case = _family(family_id)
    return _family_page(case, _family_form(case))


@blueprint.post("/triage/families/<public_id:family_id>")
@requires("assignment:offer")
def triage_family_offer(family_id: str) -> ResponseReturnValue:
    case = _family(family_id)
    form = _family_form(case)
    if request.form.get("go") == UPDATE:
        return _family_page(case, form)
    if not form.validate():
        return _family_page(case, form), 422
    refused = _try(
        form,
        lambda: _tell_offered(
            None, routing.offer_waiting(case, form.command(), actor=current_actor(), now=g.now)
        ),
    )
    address = url_for("advocates.triage_family", family_id=family_id)
    return _after(refused, form, address, lambda: _family_page(case, form))


@blueprint.post("/triage/offers/<public_id:assignment_id>/take-back")
@requires("assignment:take_back")
def triage_take_back(assignment_id: str) -> ResponseReturnValue:
    assignment = support_for(current_actor(), assignment_id)
    routing.take_back(assignment, actor=current_actor(), now=g.now)
    flash("The offer is taken back. Its parents are in the queue again.", "success")
    return redirect(url_for("advocates.triage_queue"), 303)


@dataclass(frozen=True)
class Desk:
    """All that lies before a supervisor who decides about one referral."""

    referral: Referral
    submitted: referrals.AsSubmitted
    earlier: Sequence[referrals.PossibleReferral]
    families: Sequence[referrals.PossibleCase]

    @property
    def address(self) -> str:
        return url_for("advocates.triage_referral", referral_id=self.referral.public_id)

    def decision(self) -> DecisionForm:
        form = DecisionForm(
            concerns=choices_of("concern", today=_today()),
            parents=[
                (str(position), f"{parent.first_name} {parent.last_name}")
                for position, parent in enumerate(self.submitted.document.agreeing_parents)
            ],
            families=[(family.public_id, family.name) for family in self.families],
        )
        form.know(self.suggestions(form))
        return form

    def decline(self) -> DeclineForm:
        return DeclineForm(reasons=choices_of("decline_reason", today=_today()))

    def duplicate(self) -> DuplicateForm:
        return DuplicateForm(
            possible=[(other.reference, other.case_name) for other in self.earlier]
        )

    def suggestions(self, form: DecisionForm) -> list[Suggestion]:
        actor = current_actor()
        return suggestions_for_referral(
            actor,
            self.referral,
            self.submitted.document,
            concerns=form.ticked(),
            case=triage.known_case(actor, form.known_case()),
            now=g.now,
        )

    def page(self, form: DecisionForm, **others: FlaskForm) -> str:
        """`others` are the forms of the other decisions that were sent and refused."""
        forms: dict[str, Any] = {
            "ask": AskForm(formdata=None),
            "decline": self.decline(),
            "duplicate": self.duplicate(),
        } | others
        refused = next(iter(others.values()), form)
        return render_template(
            "advocates/triage_referral.html",
            referral=self.referral,
            document=self.submitted.document,
            labels=self.submitted.labels,
            notes=self.submitted.notes,
            earlier=self.earlier,
            families={family.public_id: family for family in self.families},
            form=form,
            problems=problems_of(refused),
            sent=next(iter(others), None),
            **{f"{name}_form": value for name, value in forms.items()},
        )


def _desk(referral_id: str) -> Desk:
    """Loads a referral for a decision, and records that it was read."""
    actor = current_actor()
    try:
        referral = referrals.referral_for(actor, referral_id)
    except Absent:
        _tell_if_overtaken(triage.decided_meanwhile(actor, referral_id))
        raise
    audit.record(
        Event.REFERRAL_READ,
        referral,
        actor=actor,
        now=g.now,
        referral_id=referral.id,
        case_id=referral.case_id,
    )
    return Desk(
        referral,
        referrals.as_submitted(referral),
        referrals.possible_earlier_referrals(actor, referral),
        referrals.possible_cases(actor, referral),
    )


def _family(family_id: str) -> Case:
    """Loads a family for a decision, and records that it was read."""
    actor = current_actor()
    try:
        case = case_for(actor, family_id)
    except Absent:
        _tell_if_overtaken(triage.offered_meanwhile(actor, family_id))
        raise
    audit.record(Event.FAMILY_READ, case, actor=actor, now=g.now, case_id=case.id)
    return case


def _family_form(case: Case) -> FamilyOfferForm:
    form = FamilyOfferForm(
        concerns=choices_of("concern", today=_today()),
        parents=[(parent.public_id, parent.name) for parent in triage.waiting_in(case)],
    )
    if request.method == "GET":
        form.concerns.data = triage.concerns_of(case)
        form.none_known.data = case.concerns_ticked_at is not None and not form.concerns.data
        form.tick_all_parents()
        form.version.data = str(case.version)
    form.know(suggestions_for_case(current_actor(), case, concerns=form.ticked(), now=g.now))
    return form


def _family_page(case: Case, form: FamilyOfferForm) -> str:
    return render_template(
        "advocates/triage_family.html",
        case=case,
        members=members_of(case, today=_today()),
        waiting={parent.public_id: parent for parent in triage.waiting_in(case)},
        earlier=triage.earlier_offers_of(case),
        conferences=[
            conference
            for conference in conferences_of(case)
            if not conference.cancelled and conference.starts_at > g.now
        ],
        labels={"conference_kind": labels_of("conference_kind")},
        form=form,
        problems=problems_of(form),
    )


def _try(
    form: FlaskForm, act: Callable[[], object], *, done: str | None = None
) -> AlreadyDone | Refused | None:
    """Act, or leave everything as it was and give what stood in the way."""
    try:
        # A page that shows the form again must not show what was undone.
        with db.session.begin_nested():
            act()
    except Refused as refused:
        add_problems(form, refused.problems)
        return refused
    except AlreadyDone as overtaken:
        return overtaken
    if done:
        flash(done, "success")
    return None


def _after(
    hindrance: AlreadyDone | Refused | None, form: Any, address: str, again: Callable[[], str]
) -> ResponseReturnValue:
    """Back to the queue; or the form again, or who was quicker with all that was typed."""
    if hindrance is None:
        return redirect(url_for("advocates.triage_queue"), 303)
    if isinstance(hindrance, Refused):
        return again(), 422
    return _overtaken_page(hindrance, form.words(), address), 409


def _tell_if_overtaken(done: AlreadyDone | None) -> None:
    """Another unit was quicker, and the page is out of sight: what was typed is still given
    back, as far as it can be said without the page."""
    if done is None:
        return
    concerns = labels_of("concern")
    specialist = request.form.get("specialist", "")
    typed = [
        ("Concerns", joined_words([concerns.get(c, "") for c in request.form.getlist("concerns")])),
        ("Family Specialist", triage.specialist_called(current_actor(), specialist) or ""),
        ("Your reason", request.form.get("choice_reason", "")),
        ("Your question", request.form.get("text", "")),
    ]
    abort(make_response(_overtaken_page(done, typed, url_for("advocates.triage_queue")), 409))


def _overtaken_page(done: AlreadyDone, typed: Sequence[tuple[str, str]], address: str) -> str:
    return render_template(
        "advocates/triage_overtaken.html",
        what=done.what,
        by=done.by,
        at=done.at,
        typed=[(label, words) for label, words in typed if words],
        address=address,
    )


def _tell_offered(reference: str | None, assignment: Any) -> None:
    filed = f"{reference} is filed. " if reference else ""
    if assignment is None:
        flash(f"{filed}Its parents wait for a Family Specialist.", "success")
        return
    until = when_words(assignment.answer_by, programme_zone())
    name = assignment.specialist.user.name
    flash(f"{filed}Offered to {name}, who has until {until} to answer.", "success")


def _today() -> date:
    return local_day(g.now, programme_zone())
