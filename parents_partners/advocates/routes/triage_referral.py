"""The decision about a referral: file and offer, ask, decline, mark as duplicate."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from parents_partners.accounts.actor import current_actor
from parents_partners.advocates.forms.triage import (
    AskForm,
    DecisionForm,
    DeclineForm,
    DuplicateForm,
)
from parents_partners.advocates.queries import triage
from parents_partners.advocates.queries.suggestions import (
    suggestions_for_referral,
)
from parents_partners.advocates.routes import blueprint
from parents_partners.advocates.routes.deciding import (
    FILE,
    UPDATE,
    answer_to,
    attempt,
    tell_if_overtaken,
    tell_offered,
    today,
)
from parents_partners.advocates.services import routing
from parents_partners.advocates.suggestions import Suggestion
from parents_partners.advocates.why_here import time_with_each, waited_words
from parents_partners.audit.readings import note_reading_of_list, note_reading_of_referral
from parents_partners.core.edge import permissions
from parents_partners.core.errors import Absent, Refused
from parents_partners.core.forms import PostForm, problems_of
from parents_partners.core.permissions import requires
from parents_partners.core.reference import choices_of
from parents_partners.referrals import queries as referrals
from parents_partners.referrals import services as referral_services
from parents_partners.referrals.lifecycle import GOES_ON, REFERRAL_LIFECYCLE
from parents_partners.referrals.models import Referral
from parents_partners.referrals.queries.messages import messages_of_referral
from parents_partners.referrals.types import ReferralAction as Action

NO_REFERENCE = "Choose the referral that we had before, or write its reference."
UNKNOWN_REFERENCE = (
    "There is no referral with this reference that you may read. Check it, and write it like"
    " PP-2026-000123."
)


@blueprint.get("/triage/referrals/<public_id:referral_id>")
@requires("triage:read", writes=True)
def triage_referral(referral_id: str) -> ResponseReturnValue:
    desk = _desk(referral_id)
    if Action.FILE not in desk.may:
        return redirect(url_for("referrals.referral", referral_id=referral_id), 303)
    form = desk.decision()
    form.tick_all_parents()
    form.version.data = str(desk.referral.version)
    return desk.page(form)


@blueprint.post("/triage/referrals/<public_id:referral_id>/offer")
@requires(REFERRAL_LIFECYCLE.permission(Action.FILE))
def triage_offer(referral_id: str) -> ResponseReturnValue:
    desk = _desk(referral_id)
    form = desk.decision()
    form.without_offer = request.form.get("go") == FILE
    if request.form.get("go") == UPDATE:
        return desk.page(form)
    if not form.validate():
        return desk.page(form), 422
    refused = attempt(
        form,
        lambda: tell_offered(
            desk.referral.reference,
            routing.file_and_offer(desk.referral, form.command(), actor=current_actor(), now=g.now),
        ),
    )
    return answer_to(
        refused, form, desk.address, lambda: desk.page(form), names_shown=desk.note_reading
    )


@blueprint.post("/triage/referrals/<public_id:referral_id>/ask")
@requires(REFERRAL_LIFECYCLE.permission(Action.ASK))
def triage_ask(referral_id: str) -> ResponseReturnValue:
    desk = _desk(referral_id)
    form = AskForm()
    refused = attempt(
        form,
        lambda: referral_services.ask(
            desk.referral, form.text.data or "", actor=current_actor(), now=g.now
        ),
        done=f"Your question about {desk.referral.reference} was sent to the referrer.",
    )
    return answer_to(refused, form, desk.address, lambda: desk.page(desk.decision(), ask=form))


@blueprint.post("/triage/referrals/<public_id:referral_id>/decline")
@requires(REFERRAL_LIFECYCLE.permission(Action.DECLINE))
def triage_decline(referral_id: str) -> ResponseReturnValue:
    desk = _desk(referral_id)
    form = desk.decline()
    if not form.validate():
        return desk.page(desk.decision(), decline=form), 422
    refused = attempt(
        form,
        lambda: referral_services.decline(
            desk.referral, form.reason.data, actor=current_actor(), now=g.now
        ),
        done=f"{desk.referral.reference} is declined. The referrer sees the reason.",
    )
    return answer_to(refused, form, desk.address, lambda: desk.page(desk.decision(), decline=form))


@blueprint.post("/triage/referrals/<public_id:referral_id>/duplicate")
@requires(REFERRAL_LIFECYCLE.permission(Action.MARK_DUPLICATE))
def triage_duplicate(referral_id: str) -> ResponseReturnValue:
    desk = _desk(referral_id)
    form = desk.duplicate()

    def mark() -> None:
        original = triage.referral_called(current_actor(), form.chosen_reference())
        if original is None:
            raise Refused({"reference": UNKNOWN_REFERENCE if form.reference.data else NO_REFERENCE})
        try:
            referral_services.mark_duplicate(
                desk.referral, original, actor=current_actor(), now=g.now
            )
        except Refused as refused:
            # Beside the field that is always there.
            raise Refused({"reference": " ".join(refused.problems.values())}) from None

    done = f"{desk.referral.reference} is marked as a duplicate of {form.chosen_reference()}."
    refused = attempt(form, mark, done=done)
    return answer_to(
        refused, form, desk.address, lambda: desk.page(desk.decision(), duplicate=form)
    )


@dataclass(frozen=True)
class Desk:
    """All that lies before a supervisor who decides about one referral."""

    referral: Referral
    submitted: referrals.AsSubmitted
    alike: referrals.LookAlikes

    @property
    def earlier(self) -> Sequence[referrals.PossibleReferral]:
        return self.alike.referrals

    @property
    def families(self) -> Sequence[referrals.PossibleCase]:
        return self.alike.families

    @property
    def address(self) -> str:
        return url_for("advocates.triage_referral", referral_id=self.referral.public_id)

    @property
    def may(self) -> Collection[StrEnum]:
        """The actions that this supervisor may perform now."""
        return permissions().actions(
            current_actor(), REFERRAL_LIFECYCLE, self.referral.state, self.referral
        )

    def decision(self) -> DecisionForm:
        form = DecisionForm(
            concerns=choices_of("concern", today=today()),
            parents=[
                (str(position), f"{parent.first_name} {parent.last_name}")
                for position, parent in enumerate(self.submitted.document.agreeing_parents)
            ],
            families=[(family.public_id, family.name) for family in self.families],
        )
        if request.method == "GET" and self.alike.proposed:
            # A supervisor said so: it is chosen, and can be chosen otherwise.
            form.case.data = self.alike.proposed.public_id
        form.know(self.suggestions(form))
        return form

    def decline(self) -> DeclineForm:
        return DeclineForm(reasons=choices_of("decline_reason", today=today()))

    def duplicate(self) -> DuplicateForm:
        return DuplicateForm(
            possible=[
                (other.reference, other.case_name)
                for other in self.earlier
                if other.state in GOES_ON
            ]
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

    def note_reading(self) -> None:
        note_reading_of_referral(self.referral.id, case_id=self.referral.case_id)

    def page(self, form: DecisionForm, **others: PostForm) -> str:
        """`others` are the forms of the other decisions that were sent and refused."""
        forms: dict[str, Any] = {
            "ask": AskForm(formdata=None),
            "decline": self.decline(),
            "duplicate": self.duplicate(),
        } | others
        refused = next(iter(others.values()), form)
        self.note_reading()
        with_us, with_them = time_with_each(
            self.referral.received_at,
            [(one.asked_at, one.answered_at) for one in self.referral.questions],
            g.now,
        )
        # Others that may be the same family are named too.
        aside = self.alike.set_aside
        note_reading_of_list(len(self.earlier) + len(self.families) + len(aside))
        return render_template(
            "advocates/triage_referral.html",
            helpline_messages=messages_of_referral(current_actor(), self.referral.id),
            referral=self.referral,
            may=self.may,
            document=self.submitted.document,
            labels=self.submitted.labels,
            notes=self.submitted.notes,
            alike=self.alike,
            families={family.public_id: family for family in self.families},
            form=form,
            problems=problems_of(refused),
            sent=next(iter(others), None),
            with_us=with_us,
            with_them=with_them,
            waited=waited_words,
            now=g.now,
            **{f"{name}_form": value for name, value in forms.items()},
        )


def _desk(referral_id: str) -> Desk:
    actor = current_actor()
    try:
        referral = referrals.referral_for(actor, referral_id)
    except Absent:
        tell_if_overtaken(triage.decided_meanwhile(actor, referral_id))
        raise
    submitted = referrals.as_submitted(referral)
    alike = referrals.look_alikes_of(actor, referral, submitted.document)
    return Desk(referral, submitted, alike)
