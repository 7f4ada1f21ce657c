"""Calls to the helpline: anonymous, collect, through an interpreter, call-backs due and overdue,
one that is becoming a referral, and three about families that are known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Role
from parents_partners.core.db import db
from parents_partners.intake import services
from parents_partners.intake.types import (
    CallBackOutcome,
    Caller,
    CallKind,
    CallLine,
    TakenCall,
)
from parents_partners.referrals.models import Referral
from parents_partners.referrals.services.messages import see


@dataclass(frozen=True)
class Rang:
    """A call, so long before now. `about` is the sender's id of a sample referral; `tried` is how
    long before now somebody called back and reached nobody; `begun`: a referral was begun;
    `seen` is how long before now a supervisor saw the message."""

    before: timedelta
    taken: TakenCall
    about: str | None = None
    tried: timedelta | None = None
    begun: bool = False
    seen: timedelta | None = None


RANG = (
    Rang(
        timedelta(days=6, hours=2),
        TakenCall(
            CallKind.INFORMATION_GIVEN,
            CallLine.HELPLINE,
            note="Asked what a Family Specialist does and whether ACS hears of it. Did not want to"
            " give a name. I said that she can call again at any time.",
        ),
    ),
    Rang(
        timedelta(days=3, hours=4),
        TakenCall(
            CallKind.CALL_BACK_WANTED,
            CallLine.HELPLINE,
            caller=Caller.PARENT,
            first_name="Ottoline",
            last_name="Marchbanks",
            phone="(347) 555-0142",
            may_leave_voicemail=False,
            safe_contact_note="Before 3 pm only. Her partner must not hear of it.",
            note="Her first conference is next week. Wants to know who may come with her.",
        ),
        tried=timedelta(days=1, hours=5),
    ),
    Rang(
        timedelta(days=2, hours=6),
        TakenCall(
            CallKind.INFORMATION_GIVEN,
            CallLine.COLLECT,
            caller=Caller.PARENT,
            first_name="Desmond",
            last_name="Achterberg",
            note="Calls from jail. Has a planning conference and wants to take part by phone. Calls"
            " collect again on Thursday at two.",
        ),
    ),
    Rang(
        timedelta(days=1, hours=3),
        TakenCall(
            CallKind.WANTS_REFERRAL,
            CallLine.HELPLINE,
            caller=Caller.PARENT,
            through_interpreter=True,
            language="zh-Hant",
            first_name="Meilin",
            last_name="Auyeung",
            phone="(718) 555-0158",
            may_leave_voicemail=True,
            note="Her son is in foster care since last week. She said yes to a Family Specialist"
            " herself, through the interpreter.",
        ),
        begun=True,
    ),
    Rang(
        timedelta(hours=20),
        TakenCall(
            CallKind.UPDATE,
            CallLine.HELPLINE,
            caller=Caller.PARENT,
            phone="(646) 555-0171",
            may_leave_voicemail=True,
            note="She has a new number. Please call her before Friday: the visit was moved.",
        ),
        about="WEB-7GK9",
    ),
    Rang(
        timedelta(hours=3),
        TakenCall(
            CallKind.UPDATE,
            CallLine.HELPLINE,
            caller=Caller.WORKER,
            first_name="Corinne",
            last_name="Delacroix-Boyd",
            organisation="Gowanus Bridge Family Care",
            phone="(718) 555-0163",
            note="The conference was moved to next Tuesday. She sends the new place by e-mail.",
        ),
        about="HL-2026-11-10-02",
        seen=timedelta(hours=1),
    ),
    Rang(
        timedelta(hours=2),
        TakenCall(
            CallKind.CALL_BACK_WANTED,
            CallLine.HELPLINE,
            caller=Caller.CAREGIVER,
            first_name="Wilhelmina",
            last_name="Sandoval-Price",
            phone="(718) 555-0149",
            may_leave_voicemail=True,
            language="es",
            note="Foster mother. Asks how the parents of the children with her can get help.",
        ),
    ),
    Rang(
        timedelta(minutes=50),
        TakenCall(
            CallKind.HANDED_ELSEWHERE,
            CallLine.HELPLINE,
            caller=Caller.RELATIVE,
            handed_to="Family Court, Help Center",
            note="Grandmother, asks about a custody petition.",
        ),
    ),
    Rang(
        timedelta(minutes=40),
        TakenCall(
            CallKind.UPDATE,
            CallLine.HELPLINE,
            caller=Caller.PARENT,
            note="Asks when somebody calls her. Mornings are best.",
        ),
        about="HL-2026-11-19-01",
    ),
    Rang(timedelta(minutes=25), TakenCall(CallKind.WRONG_NUMBER, CallLine.HELPLINE)),
)


def load_calls(received: Mapping[str, Referral], *, now: datetime) -> None:
    """Take each call as the helpline would."""
    taker, supervisor = _first(Role.HELPLINE), _first(Role.SUPERVISOR).as_actor()
    actor = taker.as_actor()
    for number, rang in enumerate(RANG):
        at = now - rang.before
        call = services.take_call(
            rang.taken,
            about=received[rang.about] if rang.about else None,
            submission_key=f"{number:020x}",
            actor=actor,
            now=at,
        )
        if rang.tried:
            services.record_call_back(
                call,
                CallBackOutcome.NOBODY_ANSWERED,
                tries=0,
                actor=actor,
                now=now - rang.tried,
            )
        if rang.begun:
            services.start_referral(call, taker, actor=actor, now=at)
        if rang.seen and call.message:
            see(call.message, actor=supervisor, now=now - rang.seen)


def _first(role: Role) -> User:
    return db.session.scalars(
        select(User).where(User.role == role).order_by(User.id).limit(1)
    ).one()
