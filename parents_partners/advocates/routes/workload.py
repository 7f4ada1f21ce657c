"""How much each Family Specialist of a unit carries, and the lists behind the figures."""

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from parents_partners.accounts.actor import current_actor
from parents_partners.advocates.queries.handing_over import hand_overs_of_unit
from parents_partners.advocates.queries.workload import families_behind, tasks_behind, workload_of
from parents_partners.advocates.routes import blueprint
from parents_partners.advocates.workload import FIRST_CONTACTS, Figure, Period
from parents_partners.audit.readings import note_reading_of_list
from parents_partners.core.permissions import requires
from parents_partners.core.reference import labels_of


@blueprint.get("/workload")
@requires("workload:read", writes=True)
def workload() -> ResponseReturnValue:
    """The figures of the supervisor's own unit; every one opens the list behind it."""
    actor = current_actor()
    period = _period()
    hand_overs = hand_overs_of_unit(actor, now=g.now)
    note_reading_of_list(len(hand_overs))
    return render_template(
        "advocates/workload.html",
        workload=workload_of(actor, period, now=g.now),
        period=period,
        periods=list(Period),
        figures=Figure,
        hand_overs=hand_overs,
        reasons=labels_of("hand_over_decline_reason"),
    )


@blueprint.get("/workload/list")
@requires("workload:read", writes=True)
def workload_list() -> ResponseReturnValue:
    """The families, or the tasks, that one figure counts."""
    actor = current_actor()
    of, period = _figure(), _period()
    specialist = request.args.get("specialist") or None
    after = request.args.get("after")
    families, tasks, name = None, None, None
    if of is Figure.TASKS:
        tasks, name = tasks_behind(actor, now=g.now, specialist=specialist, after=after)
    else:
        families, name = families_behind(
            actor, of, period, now=g.now, specialist=specialist, after=after
        )
    page = families or tasks
    assert page is not None  # noqa: S101 (one of the two; says so to the type checker)
    note_reading_of_list(len(page.rows))

    def address(key: str | None = None) -> str:
        return url_for(
            "advocates.workload_list", of=of, period=period, specialist=specialist, after=key
        )

    return render_template(
        "advocates/workload_list.html",
        of=of,
        period=period if of in FIRST_CONTACTS else None,
        specialist=name,
        families=families,
        tasks=tasks,
        back_url=url_for("advocates.workload", period=period),
        next_url=address(page.next_key) if page.next_key else None,
        first_url=address() if after else None,
    )


def _period() -> Period:
    asked = request.args.get("period", "")
    return Period(asked) if asked in set(Period) else Period.LAST_90_DAYS


def _figure() -> Figure:
    asked = request.args.get("of", "")
    return Figure(asked) if asked in set(Figure) else Figure.FAMILIES
