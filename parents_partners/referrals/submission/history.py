"""Brief history in three parts, and the reasons for the referral (REF-04e, REF-05)."""

from parents_partners.referrals.submission.part import Part
from parents_partners.referrals.submission.types import Circumstances, History
from parents_partners.referrals.types import ReferralReason

LONGEST_HISTORY = 10_000
"""Characters in each part."""


def read_history(document: Part, circumstances: Circumstances) -> History | None:
    part = document.part(
        "history",
        "the brief history",
        missing="Enter the brief history: the issues, the progress, and the stage of the case.",
    )
    if part is None:
        return None
    # A parent who asks for themself may leave all three empty.
    needed = circumstances.sent_by_staff
    issues = _passage(part, "issues", "the part on issues", needed=needed)
    progress = _passage(part, "progress", "the part on progress", needed=False)
    stage = _passage(part, "stage", "the part on the stage", needed=needed)
    part.refuse_the_rest()
    return History(issues, progress, stage)


def read_reasons(document: Part, circumstances: Circumstances) -> tuple[ReferralReason, ...]:
    reasons = "; ".join(reason.label for reason in ReferralReason)
    return document.choices(
        "reasons",
        "a reason for the referral",
        "reasons",
        ReferralReason,
        missing=f"Choose at least one of the three reasons: {reasons}.",
    )


def _passage(part: Part, name: str, what: str, *, needed: bool) -> str:
    if not part.has(name):
        part.refuse(
            name,
            "A brief history has three parts: issues, progress and stage."
            f" The one on {name} is missing. Enter it.",
        )
        return ""
    text = part.text(name, what, required=needed, max_length=LONGEST_HISTORY, multiline=True)
    return text or ""
