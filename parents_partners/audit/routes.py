from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from parents_partners.audit import exports, queries
from parents_partners.audit.event_sheet import EVENTS, events_sheet
from parents_partners.audit.forms import LogForm, ReadersForm
from parents_partners.audit.sentences import sentence
from parents_partners.core.forms import problems_of
from parents_partners.core.paging import Page
from parents_partners.core.permissions import requires
from parents_partners.core.spreadsheets import Sheet

blueprint = Blueprint("audit", __name__)

NOBODY: Page[queries.EventRow] = Page([], None)


@blueprint.get("/audit")
@requires("audit:read")
def events() -> ResponseReturnValue:
    """The log, searched. Nobody's name of a family is asked for, and none is shown."""
    form = LogForm(request.args)
    people: list[queries.PersonRow] = []
    page, nothing_such = NOBODY, False
    if form.validate():
        question = form.question()
        people = list(queries.people_called(question.who)) if question.who else []
        if not question.who or len(people) == 1:
            try:
                page = queries.events(
                    question,
                    actor_id=people[0].id if people else None,
                    after=request.args.get("after"),
                )
            except queries.NothingSuch:
                nothing_such = True
    problems = problems_of(form)
    answer = render_template(
        "audit/events.html",
        form=form,
        asked=form.asked(),
        page=page,
        people=people,
        nothing_such=nothing_such,
        sentence=sentence,
        problems=problems,
    )
    return answer, 422 if problems else 200


@blueprint.get("/audit/export")
@requires("audit:export")
def export_events() -> ResponseReturnValue:
    return exports.ask(EVENTS)


@blueprint.post("/audit/export")
@requires("audit:export")
def save_events() -> ResponseReturnValue:
    """What was searched for in the log, as it stands in the address."""
    return exports.save(EVENTS, lambda: _sheet(LogForm(request.args)))


def _sheet(form: LogForm) -> Sheet:
    if not form.validate():
        return Sheet(EVENTS.heads, [])
    question = form.question()
    people = list(queries.people_called(question.who)) if question.who else []
    # Of several people who are called so, the page asks which: the file is of nobody.
    if question.who and len(people) != 1:
        return Sheet(EVENTS.heads, [])
    return events_sheet(question, actor_id=people[0].id if people else None)


@blueprint.get("/audit/readers")
@requires("audit:read")
def readers() -> ResponseReturnValue:
    """Who read about one family: by a referral of it, or by its number in the log."""
    form = ReadersForm(request.args)
    page, people, nothing_such = NOBODY, [], False
    about = form.about.about if form.validate() else None
    if about is not None:
        try:
            people = list(queries.readers_of(about))
            page = queries.readings_of_family(about, after=request.args.get("after"))
        except queries.NothingSuch:
            nothing_such = True
    problems = problems_of(form)
    answer = render_template(
        "audit/readers.html",
        form=form,
        page=page,
        people=people,
        about=about,
        nothing_such=nothing_such,
        sentence=sentence,
        problems=problems,
    )
    return answer, 422 if problems else 200
