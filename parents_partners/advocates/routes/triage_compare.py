"""Two who look alike, side by side, and what is said of them."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from parents_partners.accounts.actor import current_actor
from parents_partners.advocates.forms.triage_compare import LikenessForm
from parents_partners.advocates.routes import blueprint
from parents_partners.advocates.routes.deciding import attempt
from parents_partners.advocates.services import look_alikes
from parents_partners.audit.readings import note_reading_of_family, note_reading_of_referral
from parents_partners.core.errors import AlreadyDone, Refused
from parents_partners.core.forms import FieldProblem
from parents_partners.core.permissions import requires
from parents_partners.referrals import queries as referrals
from parents_partners.referrals import services as referral_services
from parents_partners.referrals.queries import Beside
from parents_partners.referrals.services import SomeoneOf
from parents_partners.referrals.types import Likeness

NO_ACT = "Press one of the buttons on this page."
DONE = {
    Likeness.SAME_FAMILY: "Recorded: the same family. Nothing is filed yet.",
    Likeness.SAME_PERSON: "Recorded: the same person. Filing under this family will not add a"
    " second one.",
    Likeness.NOT_SAME: "Recorded: not the same. You can take it back below.",
}


@blueprint.get("/triage/referrals/<public_id:referral_id>/beside/referrals/<public_id:other_id>")
@requires("likeness:read", writes=True)
def compare_referral(referral_id: str, other_id: str) -> ResponseReturnValue:
    beside = referrals.beside_referral(current_actor(), referral_id, other_id)
    if beside.other and beside.other.case:
        # What was said there is the family's by now.
        family_id = beside.other.case.public_id
        address = url_for("advocates.compare_family", referral_id=referral_id, family_id=family_id)
        return redirect(address, 303)
    return _page(beside)


@blueprint.post("/triage/referrals/<public_id:referral_id>/beside/referrals/<public_id:other_id>")
@requires("likeness:say")
def say_of_referral(referral_id: str, other_id: str) -> ResponseReturnValue:
    actor = current_actor()
    beside = referrals.beside_referral(actor, referral_id, other_id)
    form = LikenessForm()

    def say() -> None:
        act, other = form.act(), beside.other
        if act is None or other is None:
            raise Refused(NO_ACT)
        referral_services.say_of_referrals(beside.referral, other, act, actor=actor, now=g.now)

    return _answer(beside, form, say)


@blueprint.get("/triage/referrals/<public_id:referral_id>/beside/families/<public_id:family_id>")
@requires("likeness:read", writes=True)
def compare_family(referral_id: str, family_id: str) -> ResponseReturnValue:
    return _page(referrals.beside_family(current_actor(), referral_id, family_id))


@blueprint.post("/triage/referrals/<public_id:referral_id>/beside/families/<public_id:family_id>")
@requires("likeness:say")
def say_of_family(referral_id: str, family_id: str) -> ResponseReturnValue:
    actor = current_actor()
    beside = referrals.beside_family(actor, referral_id, family_id)
    form = LikenessForm()

    def say() -> None:
        act, case = form.act(), beside.family
        if act is None or case is None:
            raise Refused(NO_ACT)
        about: dict[str, Any] = {"actor": actor, "now": g.now}
        if form.is_of_person():
            someone = _someone(beside, form)
            referral_services.say_of_person(beside.referral, case, someone, act, **about)
        else:
            referral_services.say_of_family(beside.referral, case, act, **about)

    return _answer(beside, form, say)


@blueprint.post("/triage/look-alikes/<public_id:look_alike_id>/take-back")
@requires("likeness:take_back")
def take_back_likeness(look_alike_id: str) -> ResponseReturnValue:
    actor = current_actor()
    row = referrals.look_alike_for(actor, look_alike_id)
    beside = referrals.beside_of(actor, row)
    form = LikenessForm()
    hindrance = attempt(
        form,
        lambda: _tell_parted(look_alikes.take_back(row, actor=actor, now=g.now)),
    )
    if isinstance(hindrance, AlreadyDone):
        raise hindrance
    if hindrance:
        return _page(beside, hindrance), 422
    return redirect(_address(beside), 303)


def _someone(beside: Beside, form: LikenessForm) -> SomeoneOf:
    of, place = form.role(), form.place()
    person = referrals.person_in(beside, form.person.data or "")
    if of is None or place is None or person is None:
        raise Refused("Choose one of the people on this page.")
    return SomeoneOf(of, place, person)


def _answer(beside: Beside, form: LikenessForm, say: Callable[[], None]) -> ResponseReturnValue:
    act = form.act()
    hindrance = attempt(form, say, done=DONE[act] if act else None)
    if isinstance(hindrance, AlreadyDone):
        raise hindrance
    if hindrance:
        return _page(beside, hindrance), 422
    return redirect(_address(beside), 303)


def _tell_parted(parted: Any) -> None:
    if parted is None:
        flash("Taken back. It counts for nothing any more.", "success")
    else:
        flash(
            f"Taken back. {parted.own.name} is a person of their own now, with what this referral"
            " said of them.",
            "success",
        )


def _address(beside: Beside) -> str:
    referral_id = beside.referral.public_id
    if beside.family:
        family_id = beside.family.public_id
        return url_for("advocates.compare_family", referral_id=referral_id, family_id=family_id)
    other_id = beside.other.public_id if beside.other else ""
    return url_for("advocates.compare_referral", referral_id=referral_id, other_id=other_id)


def _page(beside: Beside, refused: Refused | None = None) -> str:
    referral, other, family = beside.referral, beside.other, beside.family
    note_reading_of_referral(referral.id, case_id=referral.case_id)
    if other:
        note_reading_of_referral(other.id, case_id=other.case_id)
    if family:
        note_reading_of_family(family.id)
    problems = [FieldProblem(None, words) for words in refused.problems.values()] if refused else []
    return render_template(
        "advocates/triage_compare.html",
        beside=beside,
        address=_address(beside),
        problems=problems,
    )
