"""The one validation that the online form, the import and the API share (REF-02 to REF-05).

`read` judges a document in the form of the referral schema and gives a typed submission or all
that is wrong with it, in words that work beside a field and in a log. Pure: no database, no web.
"""

from parents_partners.referrals.submission.keeping import (
    canonical,
    keyed_hash,
    redacted,
    redacted_line,
)
from parents_partners.referrals.submission.reading import (
    judge_step,
    read,
    read_as_sent,
    read_received_at,
    section,
)
from parents_partners.referrals.submission.types import (
    AgreeingParent,
    CaseInformation,
    Child,
    Circumstances,
    ConferenceMention,
    History,
    Judgement,
    ParentAnswer,
    PersonContact,
    Problem,
    ProgrammeDiscussed,
    Reading,
    Received,
    SafeContact,
    Section,
    Submission,
)

__all__ = [
    "AgreeingParent",
    "CaseInformation",
    "Child",
    "Circumstances",
    "ConferenceMention",
    "History",
    "Judgement",
    "ParentAnswer",
    "PersonContact",
    "Problem",
    "ProgrammeDiscussed",
    "Reading",
    "Received",
    "SafeContact",
    "Section",
    "Submission",
    "canonical",
    "judge_step",
    "keyed_hash",
    "read",
    "read_as_sent",
    "read_received_at",
    "redacted",
    "redacted_line",
    "section",
]
