"""The helpline's calls: the list, and the page that is filled while somebody speaks (REF-01)."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from parents_partners.accounts.actor import current_actor
from parents_partners.accounts.types import Role
from parents_partners.audit.readings import note_reading_of_list, note_search
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import new_public_id
from parents_partners.core.errors import Absent, Refused
from parents_partners.core.forms import add_problems, problems_of
from parents_partners.core.local_time import local_day
from parents_partners.core.paging import read_key
from parents_partners.core.permissions import requires
from parents_partners.core.reference import choices_of, labels_of, setting
from parents_partners.intake import services
from parents_partners.intake.forms.call import CallFilterForm, TakeCallForm
from parents_partners.intake.models import Call
from parents_partners.intake.queries import calls as queries
from parents_partners.intake.routes import blueprint
from parents_partners.intake.routes.drafts import account_of
from parents_partners.intake.types import (
    STEPS,
    Caller,
    CallKind,
    CallLine,
    NotedOtherwise,
    TakenCall,
)
from parents_partners.referrals.models import Referral
from parents_partners.referrals.queries import open_questions
from parents_partners.referrals.queries.messages import messages_left_by, reachable_referral
from parents_partners.referrals.queries.searching import Hits, known_families

SEARCH, REFERRAL = "search", "referral"
SEARCHED_BEFORE = "searched"
SEARCHED = ("case_number", "about_name", "about_phone", "first_name", "last_name", "phone")
"""The fields that a search may look at."""


@blueprint.get("/calls")
@requires("call:take", writes=True)
def calls() -> ResponseReturnValue:
    actor = current_actor()
    form = CallFilterForm(request.args)
    chosen = queries.CallFilter(
        kind=CallKind(form.kind.data) if form.kind.data in set(CallKind) else None,
        line=CallLine(form.line.data) if form.line.data in set(CallLine) else None,
        through_interpreter=form.interpreter.data == "yes",
    )
    page = queries.calls_of(actor, chosen, after=read_key(request.args.get("after")))
    due = queries.call_backs_due(actor, now=g.now)
    questions = open_questions(actor)
    note_reading_of_list(len(page.rows) + len(due) + len(questions))
    asked = {name: value for name, value in form.data.items() if value}
    return render_template(
        "intake/calls.html",
        page=page,
        due=due,
        left=messages_left_by(actor),
        questions=questions,
        form=form,
        asked=asked,
        is_filtered=chosen.is_on,
        languages=labels_of("language"),
        **always_in_sight(),
    )


@blueprint.get("/calls/new")
@requires("call:take")
def take_call() -> ResponseReturnValue:
    form = _form(formdata=None)
    form.submission_key.data = new_public_id()
    form.case_number.render_kw = {"autofocus": True}  # the phone rings: the hands begin here
    return _page(form)


@blueprint.post("/calls/new")
@requires("call:take")
def save_call() -> ResponseReturnValue:
    """Searches, or notes the call. Enter in a line of text presses the first button, which
    searches: half a call is never saved by accident."""
    actor = current_actor()
    form = _form()
    go = request.form.get("go")
    if go == SEARCH:
        judged = [form[name].validate(form) for name in SEARCHED]
        return _page(form, _search(form), searched=True), 200 if all(judged) else 422
    status = 422
    if form.validate():
        try:
            call = services.take_call(
                form.command(),
                about=_chosen(form),
                submission_key=form.key() or new_public_id(),
                actor=actor,
                now=g.now,
            )
        except Refused as refused:
            add_problems(form, refused.problems)
        except NotedOtherwise:
            # The back button after a save: what stands here is the next call, if they want it.
            form.submission_key.data = new_public_id()
            add_problems(
                form,
                {
                    "": "You saved this call before, with other content, and it stays as it was."
                    " Change it on its own page, or save again to note what stands here as another"
                    " call."
                },
            )
            status = 409
        else:
            return _noted(call, form, go)
    # What was found stays: the error may be that nothing of it was chosen.
    searched = SEARCHED_BEFORE in request.form
    hits = _search(form) if searched or form.referral.data else None
    return _page(form, hits, searched=searched), status


def always_in_sight() -> dict[str, Any]:
    """What every page of the helpline says: where abuse is reported, since not here."""
    return {"register_phone": setting("scr_phone"), "collect_phone": setting("collect_line_phone")}


def in_sight_while_speaking() -> dict[str, Any]:
    """For the referral form, which helpline staff fill in with the caller on the phone; nothing
    for everybody else."""
    return always_in_sight() if current_actor().role is Role.HELPLINE else {}


def _noted(call: Call, form: TakeCallForm, go: str | None) -> ResponseReturnValue:
    taken, actor = form.command(), current_actor()
    if go == REFERRAL or _would_be_lost(taken):
        draft_id = services.start_referral(
            call, account_of(actor.id), taken=taken, actor=actor, now=g.now
        )
    if go == REFERRAL:
        flash("The call is noted. What was said stands in the referral already.", "success")
        return redirect(url_for("intake.step", draft_id=draft_id, section=STEPS[0]), 303)
    left = call.message_id is not None
    flash(
        "The call is noted, and your message is left." if left else "The call is noted.", "success"
    )
    return redirect(url_for("intake.call", call_id=call.public_id), 303)


def _would_be_lost(taken: TakenCall) -> bool:
    """The parent of whom somebody else spoke: the call keeps neither name nor number of theirs, so
    the referral that is wanted begins with the call, and they are not typed again."""
    spoken_of = bool(taken.family or taken.family_phone) and taken.caller is not Caller.PARENT
    return taken.kind is CallKind.WANTS_REFERRAL and spoken_of


def _form(**values: Any) -> TakeCallForm:
    today = local_day(g.now, programme_zone())
    return TakeCallForm(choices_of("language", today=today), **values)


def _search(form: TakeCallForm) -> Hits | None:
    """None where there is nothing that can be searched with."""
    terms = {} if any(form[name].errors for name in SEARCHED) else form.searched()
    if not terms:
        return None
    hits = known_families(current_actor(), now=g.now, **terms)
    note_search(len(hits.rows))
    return hits


def _chosen(form: TakeCallForm) -> Referral | None:
    """The referral that the call is about. Raises Refused for one that is not there any more."""
    if not form.referral.data:
        return None
    try:
        return reachable_referral(current_actor(), form.referral.data)
    except Absent:
        raise Refused({"referral": "Search again and choose what is found."}) from None


def _page(form: TakeCallForm, hits: Hits | None = None, *, searched: bool = False) -> str:
    return render_template(
        "intake/take_call.html",
        form=form,
        problems=problems_of(form),
        hits=hits,
        searched=searched,
        helpline_phone=setting("helpline_phone"),
        **always_in_sight(),
    )
