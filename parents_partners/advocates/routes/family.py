from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from parents_partners.accounts.actor import current_actor
from parents_partners.accounts.types import Role
from parents_partners.advocates.lifecycle import ASSIGNMENT_LIFECYCLE
from parents_partners.advocates.queries.family import (
    StintRow,
    family_for,
    referrals_of,
    stints_of,
)
from parents_partners.advocates.queries.handing_over import hand_overs_of
from parents_partners.advocates.queries.service_referrals import services_of
from parents_partners.advocates.queries.tasks import tasks_of
from parents_partners.advocates.queries.timeline import TIMELINE_SIZE, EventRow, timeline_of
from parents_partners.advocates.routes import blueprint
from parents_partners.advocates.types import AssignmentAction
from parents_partners.audit.readings import note_reading_of_family
from parents_partners.audit.sentences import sentence
from parents_partners.cases.queries import (
    conferences_of,
    in_force,
    last_words,
    people_of,
    professionals_of,
)
from parents_partners.cases.queries.conflicts import kept_out_carriers
from parents_partners.cases.types import ConsentScope, allows_contact
from parents_partners.core.clock import programme_zone
from parents_partners.core.edge import permissions
from parents_partners.core.local_time import local_day
from parents_partners.core.permissions import requires
from parents_partners.core.reference import labels_of_lists
from parents_partners.core.text import phone_e164
from parents_partners.core.words import joined_words
from parents_partners.referrals.queries.messages import messages_of_case

Labels = Mapping[str, Mapping[str, str]]

MOST_ON_A_PAGE = 1000
"""Entries of "what happened", where somebody wants all of it at once, to print it."""


@blueprint.get("/families/<public_id:family_id>")
@requires("family:read", writes=True)
def family(family_id: str) -> ResponseReturnValue:
    """Everything about one family, for whoever carries it and their supervisor."""
    actor = current_actor()
    case = family_for(actor, family_id)
    after = request.args.get("after")
    whole = "whole" in request.args
    page = timeline_of(actor, case, after=after, size=MOST_ON_A_PAGE if whole else TIMELINE_SIZE)
    stints = stints_of(actor, case)
    hand_overs = hand_overs_of(actor, case) if case.hand_overs else []
    labels = labels_of_lists(
        "conference_kind", "language", "outcome", "service_kind", "service_fell_through"
    )
    today = local_day(g.now, programme_zone())
    members, consents = people_of(case, today=today)
    allowed = in_force(consents)
    may_be_contacted = {person for person, given in allowed.items() if allows_contact(given)}
    conferences = conferences_of(case)
    ahead = [row for row in conferences if not row.cancelled and row.starts_at >= g.now]
    note_reading_of_family(case.id)
    return render_template(
        "advocates/family.html",
        helpline_messages=messages_of_case(actor, case.id) if case.messages else (),
        case=case,
        members=members,
        stints=stints,
        may_end=[row for row in stints if AssignmentAction.END in _actions(row)],
        hand_overs=hand_overs,
        may_hand_over=[
            row
            for row in stints
            if row.carried
            and permissions().allows(actor, "hand_over:ask", row)
            and row.public_id not in {one.stint_id for one in hand_overs if one.is_open}
        ],
        own_stint=next(
            (row for row in stints if row.carried and row.specialist_id == actor.id), None
        ),
        conferences_ahead=ahead,
        conferences_over=[row for row in reversed(conferences) if row not in ahead],
        last_words=last_words(consents),
        to_confirm={
            row.person_id for row in consents if not (row.withdrawn_at or row.confirmed_at)
        },
        allowed=allowed,
        may_be_contacted=may_be_contacted,
        # Whom `parents_without_support` finds, of what the page knows already.
        may_reopen=actor.role is Role.SUPERVISOR
        and bool(may_be_contacted.difference(case.waiting, *(row.parents for row in stints))),
        professionals=professionals_of(case),
        agency_dial=phone_e164(case.agency_phone or ""),
        referrals=referrals_of(case),
        tasks=tasks_of(case, now=g.now) if case.tasks else [],
        services=services_of(case) if case.services else [],
        today=today,
        viewer_id=actor.id,
        labels=labels,
        timeline=page,
        sentences={
            row.id: _words_of(row, labels) for row in page.rows if isinstance(row, EventRow)
        },
        supervises=actor.role is Role.SUPERVISOR,
        supervised_unit=actor.unit_id if actor.role is Role.SUPERVISOR else None,
        kept_out=kept_out_carriers(actor, case) if actor.role is Role.SUPERVISOR else [],
        scopes=list(ConsentScope),
        next_url=_timeline_url(family_id, page.next_key) if page.next_key else None,
        first_url=_timeline_url(family_id, None) if after or whole else None,
        whole_url=_timeline_url(family_id, None, whole=1),
    )


def _actions(stint: StintRow) -> frozenset[StrEnum]:
    return permissions().actions(current_actor(), ASSIGNMENT_LIFECYCLE, stint.state, stint)


def _timeline_url(family_id: str, after: str | None, *, whole: int | None = None) -> str:
    return url_for(
        "advocates.family", family_id=family_id, after=after, whole=whole, _anchor="timeline"
    )


def _words_of(row: EventRow, labels: Labels) -> str:
    """The event's sentence, its codes said in words."""
    words = _detail(row.detail, labels)
    if row.specialist:
        words["specialist"] = row.specialist
    return sentence(row.event, actor_name=row.actor or "The system", detail=words)


def _detail(detail: Mapping[str, Any], labels: Labels) -> dict[str, str]:
    words = {}
    if "kind" in detail:
        words["kind"] = labels["conference_kind"].get(detail["kind"], detail["kind"])
    if "service" in detail:
        words["service"] = labels["service_kind"].get(detail["service"], detail["service"])
        if reason := detail.get("reason"):
            words["reason"] = labels["service_fell_through"].get(reason, reason)
    if "outcome" in detail:
        words["outcome"] = labels["outcome"].get(detail["outcome"], detail["outcome"])
    if "scopes" in detail:
        scopes = [ConsentScope(code).label for code in detail["scopes"]]
        words["scope"] = joined_words(scopes)
    return words
