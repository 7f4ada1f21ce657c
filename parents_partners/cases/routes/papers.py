"""Consents and conferences of a family, on paper of their own."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from parents_partners.accounts.actor import current_actor
from parents_partners.audit.readings import note_reading_of_family
from parents_partners.cases.forms import ConferenceForm, ConfirmForm, RecordForm, WithdrawForm
from parents_partners.cases.models import Case, Conference, Person
from parents_partners.cases.queries import case_for, conference_for, consents_in_force, parent_in
from parents_partners.cases.routes import blueprint
from parents_partners.cases.services import conferences
from parents_partners.cases.services import consents as consent_services
from parents_partners.cases.types import ConsentScope, HeardFrom, what_stops
from parents_partners.core.clock import programme_zone
from parents_partners.core.errors import Absent, AlreadyDone, Refused
from parents_partners.core.forms import add_problems, problems_of
from parents_partners.core.local_time import local_day
from parents_partners.core.permissions import requires
from parents_partners.core.reference import choices_of, labels_of

CONSENTS = "/families/<public_id:family_id>/parents/<public_id:person_id>/consents"


@blueprint.get(f"{CONSENTS}/confirm")
@requires("consent:confirm", writes=True)
def confirm_consents(family_id: str, person_id: str) -> ResponseReturnValue:
    """What to read to the parent at first contact (ADV-05)."""
    case, person = _parent(family_id, person_id)
    scopes = _given(case, person)
    return _confirm_page(case, person, scopes, ConfirmForm.of(scopes))


@blueprint.post(f"{CONSENTS}/confirm")
@requires("consent:confirm")
def save_confirmation(family_id: str, person_id: str) -> ResponseReturnValue:
    actor = current_actor()
    case, person = _parent(family_id, person_id)
    scopes = _given(case, person)
    form = ConfirmForm.of(scopes)
    if not form.validate():
        return _confirm_page(case, person, scopes, form), 422
    stopped: tuple[str, ...] = ()
    if refused := form.refused(scopes):
        stopped = consent_services.withdraw_consents(
            case, person, refused, actor=actor, now=g.now, heard_from=HeardFrom.PARENT
        )
    confirmed = frozenset(scopes) - refused
    consent_services.confirm_consents(case, person, confirmed, actor=actor, now=g.now)
    if refused:
        flash(" ".join(stopped), "warning")
    agreed = [scope for scope in ConsentScope if request.form.get(scope.value) == "yes"]
    if gone := [scope for scope in agreed if scope not in scopes]:
        words = "; ".join(scope.label for scope in gone)
        flash(
            f"Taken back in the meantime, so not confirmed: {words}. If the parent wants it now,"
            " record a consent.",
            "warning",
        )
    if confirmed:
        flash("The parent's confirmation is recorded.", "success")
    return _back_to_family(case)


@blueprint.get(f"{CONSENTS}/record")
@requires("consent:record", writes=True)
def record_consents(family_id: str, person_id: str) -> ResponseReturnValue:
    """A scope that the parent agrees to later."""
    case, person = _parent(family_id, person_id)
    today = local_day(g.now, programme_zone()).isoformat()
    form = RecordForm(_not_given(case, person), data={"asked_on": today})
    return _record_page(case, person, form)


@blueprint.post(f"{CONSENTS}/record")
@requires("consent:record")
def save_consents(family_id: str, person_id: str) -> ResponseReturnValue:
    case, person = _parent(family_id, person_id)
    form = RecordForm(_not_given(case, person))
    if not form.validate():
        return _record_page(case, person, form), 422
    try:
        consent_services.record_consents(
            case, person, form.command(), actor=current_actor(), now=g.now
        )
    except Refused as refusal:
        add_problems(form, refusal.problems)
        return _record_page(case, person, form), 422
    flash("The consent is recorded.", "success")
    return _back_to_family(case)


@blueprint.get(f"{CONSENTS}/withdraw")
@requires("consent:withdraw", writes=True)
def withdraw_consents(family_id: str, person_id: str) -> ResponseReturnValue:
    """What the parent takes back, and what that stops, before it is recorded."""
    case, person = _parent(family_id, person_id)
    return _withdraw_page(case, person, WithdrawForm(_given(case, person)))


@blueprint.post(f"{CONSENTS}/withdraw")
@requires("consent:withdraw")
def save_withdrawal(family_id: str, person_id: str) -> ResponseReturnValue:
    case, person = _parent(family_id, person_id)
    form = WithdrawForm(_given(case, person))
    if not form.validate():
        return _withdraw_page(case, person, form), 422
    stopped = consent_services.withdraw_consents(
        case,
        person,
        form.chosen(),
        actor=current_actor(),
        now=g.now,
        heard_from=HeardFrom(form.heard_from.data),
    )
    flash(" ".join(["The withdrawal is recorded.", *stopped]), "success")
    return _back_to_family(case)


@blueprint.get("/families/<public_id:family_id>/conferences/new")
@requires("conference:change", writes=True)
def add_conference(family_id: str) -> ResponseReturnValue:
    case = case_for(current_actor(), family_id)
    return _conference_page("cases/add_conference.html", case, ConferenceForm(_kinds()))


@blueprint.post("/families/<public_id:family_id>/conferences/new")
@requires("conference:change")
def save_new_conference(family_id: str) -> ResponseReturnValue:
    actor = current_actor()
    case = case_for(actor, family_id)
    form = ConferenceForm(_kinds())
    if form.validate():
        try:
            conferences.add_conference(case, form.command(), actor=actor, now=g.now)
        except Refused as refusal:
            add_problems(form, refusal.problems)
        else:
            _say_what_was_assumed(form)
            flash("The conference is on the list.", "success")
            return _back_to_family(case)
    return _conference_page("cases/add_conference.html", case, form), 422


@blueprint.get("/conferences/<public_id:conference_id>/change")
@requires("conference:change", writes=True)
def change_conference(conference_id: str) -> ResponseReturnValue:
    conference = conference_for(current_actor(), conference_id)
    starts_at = conference.starts_at.astimezone(programme_zone())
    form = ConferenceForm(
        _kinds(conference),
        data={
            "version": conference.version,
            "kind": conference.kind,
            "starts_at": f"{starts_at:%Y-%m-%dT%H:%M}",
            "place": conference.place,
            "link": conference.link,
        },
    )
    return _change_page(conference, form)


@blueprint.post("/conferences/<public_id:conference_id>/change")
@requires("conference:change")
def save_conference(conference_id: str) -> ResponseReturnValue:
    actor = current_actor()
    conference = conference_for(actor, conference_id)
    form = ConferenceForm(_kinds(conference))
    if not form.validate():
        return _change_page(conference, form), 422
    try:
        conferences.change_conference(
            conference, form.command(), version=form.seen_version(), actor=actor, now=g.now
        )
    except Refused as refusal:
        add_problems(form, refusal.problems)
        return _change_page(conference, form), 422
    except AlreadyDone as earlier:
        # Both texts side by side: saving again, knowing it, replaces what the other wrote.
        form.version.data = str(conference.version)
        return _change_page(conference, form, earlier=earlier), 409
    _say_what_was_assumed(form)
    flash("The conference is changed.", "success")
    return _back_to_family(conference.case)


@blueprint.post("/conferences/<public_id:conference_id>/cancel")
@requires("conference:change")
def cancel_conference(conference_id: str) -> ResponseReturnValue:
    conference = conference_for(current_actor(), conference_id)
    conferences.cancel_conference(conference, actor=current_actor(), now=g.now)
    flash("The conference is cancelled. It stays on record.", "success")
    return _back_to_family(conference.case)


def _parent(family_id: str, person_id: str) -> tuple[Case, Person]:
    case = case_for(current_actor(), family_id)
    return case, parent_in(case, person_id)


def _given(case: Case, person: Person) -> list[ConsentScope]:
    """The scopes in force."""
    given = consents_in_force(case.id).get(person.id, frozenset())
    return [scope for scope in ConsentScope if scope in given]


def _not_given(case: Case, person: Person) -> list[ConsentScope]:
    given = _given(case, person)
    return [scope for scope in ConsentScope if scope not in given]


def _confirm_page(case: Case, person: Person, scopes: list[ConsentScope], form: ConfirmForm) -> str:
    note_reading_of_family(case.id)
    return render_template(
        "cases/confirm_consents.html",
        case=case,
        person=person,
        scopes=scopes,
        form=form,
        problems=problems_of(form),
    )


def _record_page(case: Case, person: Person, form: RecordForm) -> str:
    note_reading_of_family(case.id)
    return render_template(
        "cases/record_consents.html",
        case=case,
        person=person,
        form=form,
        readings={scope.value: scope.reading for scope in ConsentScope},
        problems=problems_of(form),
    )


def _withdraw_page(case: Case, person: Person, form: WithdrawForm) -> str:
    given = frozenset(_given(case, person))
    note_reading_of_family(case.id)
    return render_template(
        "cases/withdraw_consents.html",
        case=case,
        person=person,
        form=form,
        # The last sentence of each, that the past stays on record, is said once below.
        stops={
            scope.value: " ".join(what_stops(frozenset({scope}), given - {scope})[:-1])
            for scope in given
        },
        stops_all=what_stops(given, frozenset()),
        problems=problems_of(form),
    )


def _kinds(conference: Conference | None = None) -> list[tuple[str, str]]:
    """What can be chosen today, and what this conference is, also if that has ended."""
    kinds = dict(choices_of("conference_kind", today=local_day(g.now, programme_zone())))
    if conference is not None and conference.kind not in kinds:
        kinds[conference.kind] = labels_of("conference_kind").get(conference.kind, conference.kind)
    return list(kinds.items())


def _conference_page(template: str, case: Case, form: ConferenceForm) -> str:
    note_reading_of_family(case.id)
    return render_template(template, case=case, form=form, problems=problems_of(form))


def _change_page(
    conference: Conference, form: ConferenceForm, *, earlier: AlreadyDone | None = None
) -> str:
    note_reading_of_family(conference.case_id)
    return render_template(
        "cases/change_conference.html",
        case=conference.case,
        conference=conference,
        form=form,
        earlier=earlier,
        kinds=dict(_kinds(conference)),
        problems=problems_of(form),
    )


def _say_what_was_assumed(form: ConferenceForm) -> None:
    if form.starts_at.when.assumed:
        flash(form.starts_at.when.assumed, "info")


def _back_to_family(case: Case) -> ResponseReturnValue:
    """To the family's page; to one's own first page where that is closed now."""
    try:
        case_for(current_actor(), case.public_id)
    except Absent:
        return redirect(url_for("home.landing"), 303)
    return redirect(url_for("advocates.family", family_id=case.public_id), 303)
