"""What becomes of each sample referral, so that every state of both lifecycles can be seen.

A story is told in days after receipt; whatever would lie in the future has not happened yet."""

from dataclasses import dataclass

from parents_partners.advocates.types import ActivityMode, SupportKind
from parents_partners.cases.types import ConsentScope


@dataclass(frozen=True)
class Contact:
    """One entry that the Family Specialist logs, `after` days after the referral's receipt."""

    after: float
    made: bool = True
    mode: ActivityMode = ActivityMode.PHONE
    minutes: int = 25
    kinds: tuple[SupportKind, ...] = (SupportKind.EMOTIONAL, SupportKind.NAVIGATION)
    note: str = ""


@dataclass(frozen=True)
class Support:
    """An offer and what follows. `answer`: "accept", "decline", "lapse" or None (not answered
    yet). Days count from the referral's receipt. `to` is an e-mail address; without one the best
    of the suggestions is taken."""

    offered: float
    answer: str | None = "accept"
    answered: float = 0.0
    contacts: tuple[Contact, ...] = ()
    ended: float | None = None
    outcome: str = "goals_reached"
    decline_reason: str = "caseload_full"
    to: str | None = None


@dataclass(frozen=True)
class Story:
    """`decision`: "file", "decline", "duplicate", "withdraw", or None: it still waits."""

    decision: str | None = None
    decided: float = 0.5
    concerns: tuple[str, ...] = ()
    supports: tuple[Support, ...] = ()
    same_family_as: str | None = None
    same_parent: bool = False
    """A supervisor says before the decision that it is that family, and its parent that parent."""
    not_same_as: str | None = None
    decline_reason: str = "served_elsewhere"
    question: str | None = None
    answer: str | None = None
    withdraws: tuple[ConsentScope, ...] = ()
    withdrawn: float | None = None
    reopened: float | None = None


def met(after: float, note: str = "", minutes: int = 60) -> Contact:
    return Contact(after, mode=ActivityMode.IN_PERSON, minutes=minutes, note=note)


def called(after: float, note: str = "", minutes: int = 25) -> Contact:
    return Contact(after, minutes=minutes, note=note)


def tried(after: float, note: str = "") -> Contact:
    return Contact(after, made=False, minutes=5, kinds=(SupportKind.EMOTIONAL,), note=note)


def at_conference(after: float, note: str = "") -> Contact:
    return Contact(
        after,
        mode=ActivityMode.CONFERENCE,
        minutes=90,
        kinds=(SupportKind.RIGHTS, SupportKind.PROCEDURES),
        note=note,
    )


def in_contact(
    *contacts: Contact, offered: float = 0.6, answered: float = 0.9, to: str | None = None
) -> tuple[Support, ...]:
    return (Support(offered=offered, answered=answered, contacts=contacts, to=to),)


# The Family Specialist whom the sign-in page names first has something of everything.
FIRST = "ramona.ventura@example.org"


STORIES: dict[str, Story] = {
    # Families in contact
    "HV-2026-11-0417": Story(
        decision="file",
        concerns=("housing",),
        supports=in_contact(
            tried(1.2, "No answer, left a voicemail in Spanish as she said we may."),
            called(1.6, "She asked twice who pays me. We talked about what a remand is."),
            met(4.3, "Went through the papers from the precinct together, line by line."),
            called(8.2, "Practised what she wants to say at the conference."),
            called(11.1),
            to=FIRST,
        ),
    ),
    "ACS-BX-88213": Story(
        decision="file", same_family_as="HV-2026-11-0417", same_parent=True, decided=0.8
    ),
    "GB/2026/1187": Story(
        decision="file",
        decided=0.9,
        concerns=("educational_neglect",),
        question="Is the sister at home under a safety plan part of this case number?",
        answer="The younger brother is at home with the mother. He has no number of his own yet.",
        supports=in_contact(
            called(1.8, "Spoke Kreyòl from the first word. She cried, then laughed."),
            met(5.5, "Visited the residence with her. She wants the two together again."),
            at_conference(16.2, "She asked her three questions and got answers to two."),
            called(24.1),
            called(31.3, "Weekend parenting class found, starts next month."),
            offered=1.0,
            answered=1.4,
        ),
    ),
    "HCFS-5521": Story(
        decision="file",
        concerns=("mental_health",),
        supports=in_contact(called(2.1), met(6.4), called(14.2), called(22.8)),
    ),
    "CSCFS-260-77": Story(
        decision="file",
        supports=in_contact(
            called(1.5),
            at_conference(14.9),
            met(20.2),
            met(30.4, "She does not want anybody with her at meetings any more. We still talk."),
        ),
        withdraws=(ConsentScope.ATTEND_MEETINGS,),
        withdrawn=30.5,
    ),
    "ECS-20261101-03": Story(
        decision="file",
        decided=0.2,
        supports=in_contact(called(0.9), met(3.2), called(12.0), offered=0.3, answered=0.5),
    ),
    "FSU-Q-2290": Story(decision="file", supports=in_contact(called(1.9), met(9.1), called(20.3))),
    "KVK 2026 / 55": Story(
        decision="file",
        concerns=("immigration",),
        supports=in_contact(called(2.0), tried(6.5), to=FIRST),
    ),
    "CFRC-AC-19": Story(
        decision="file", concerns=("disability",), supports=in_contact(called(2.4), called(17.2))
    ),
    "MBFS-INC-7": Story(
        decision="file",
        concerns=("incarceration",),
        supports=in_contact(
            called(3.1, "First call on the collect line."), called(17.3), called(33.4)
        ),
    ),
    "HL-2026-11-04-02": Story(decision="file", supports=in_contact(called(1.4), met(7.7))),
    "HL-2026-10-14-03": Story(
        decision="file",
        concerns=("teen_parent",),
        supports=in_contact(called(1.1), at_conference(7.9), met(19.0), called(36.2)),
    ),
    "WEB-7GK9": Story(decision="file", supports=in_contact(called(1.2), met(12.3), to=FIRST)),
    # Too long without contact
    "WEB-7GBX": Story(decision="file", supports=in_contact(called(1.6), tried(9.2))),
    # First contact due, and overdue
    "WEB-7F3K": Story(
        decision="file", decided=11.5, supports=(Support(11.6, answered=12.4, to=FIRST),)
    ),
    "EOD-77-2026": Story(
        decision="file",
        decided=11.0,
        supports=(
            Support(
                11.1,
                answered=11.7,
                contacts=(tried(12.6), tried(14.3, "The phone is switched off.")),
            ),
        ),
    ),
    # Offers: open, unanswered for too long, declined, lapsed
    "HL-2026-11-16-05": Story(
        decision="file", decided=4.2, supports=(Support(4.3, answer=None, to=FIRST),)
    ),
    "HL-2026-11-10-02": Story(
        decision="file", decided=10.6, supports=(Support(10.7, answer=None),)
    ),
    "KYR-2026-3307": Story(decision="file", decided=5.3, supports=(Support(5.4, answer=None),)),
    "UHCF-0602": Story(
        decision="file", decided=6.0, supports=(Support(6.1, answer="lapse", answered=8.0),)
    ),
    "WEB-7GAA": Story(
        decision="file", decided=2.1, supports=(Support(2.2, answer="decline", answered=2.9),)
    ),
    # Ended, ended by a withdrawal, reopened
    "DSFP-2026-0093": Story(
        decision="file",
        supports=(
            Support(
                0.7,
                answered=1.0,
                contacts=(called(1.8), met(6.2), at_conference(27.2)),
                ended=32.0,
            ),
        ),
    ),
    "HL-2026-10-20-02": Story(
        decision="file",
        supports=(
            Support(
                0.9,
                answered=1.2,
                contacts=(tried(2.3), tried(5.1), tried(9.4)),
                ended=20.0,
                outcome="no_contact",
            ),
        ),
    ),
    "HL-2026-10-06-01": Story(
        decision="file",
        supports=in_contact(called(1.3), at_conference(9.1), met(21.5)),
        withdraws=tuple(ConsentScope),
        withdrawn=40.2,
    ),
    "WEB-7F9Q": Story(
        decision="file",
        supports=(
            Support(
                0.8,
                answered=1.1,
                contacts=(called(1.5), at_conference(15.7)),
                ended=30.0,
                outcome="parent_ended",
            ),
        ),
        reopened=39.0,
    ),
    # Closed without a family
    "PBFS-1142": Story(decision="decline", decided=1.3),
    "HL-2026-10-28-04": Story(decision="duplicate", same_family_as="HCFS-5521", decided=0.7),
    "HL-2026-11-12-01": Story(decision="withdraw", decided=1.1),
    # Two families of one language and borough, looked at and told apart
    "OPFP/TD/418": Story(not_same_as="HL-2026-11-18-06"),
    # A question is open: to an agency, to the helpline, to the first agency whose people sign in
    "HV-2026-11-0452": Story(
        question="In which of the two shelters can she be visited, and at what time of the day?"
    ),
    "HL-2026-11-19-01": Story(
        question="Did the father say yes to you himself? And when can the mother take a call in the"
        " hospital?"
    ),
    "DSFP-2026-0131": Story(
        question="Does the mother know that her former Family Specialist could come back?"
    ),
}
"""By the sample's external id. A referral without a story waits for its decision."""
