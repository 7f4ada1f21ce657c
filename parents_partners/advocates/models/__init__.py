"""The rows of Family Specialists' work, one room a family of nouns."""

from parents_partners.advocates.models.activities import (
    Activity,
    ActivityDraft,
    ActivityKind,
    ActivityNote,
    ActivityParticipant,
)
from parents_partners.advocates.models.handing_over import HandOver, HandOverNote, HandOverWords
from parents_partners.advocates.models.stints import (
    AssignedParent,
    Assignment,
    Away,
    Specialist,
    Waiting,
)
from parents_partners.advocates.models.work import ServiceReferral, ServiceStep, Task

__all__ = [
    "Activity",
    "ActivityDraft",
    "ActivityKind",
    "ActivityNote",
    "ActivityParticipant",
    "AssignedParent",
    "Assignment",
    "Away",
    "HandOver",
    "HandOverNote",
    "HandOverWords",
    "ServiceReferral",
    "ServiceStep",
    "Specialist",
    "Task",
    "Waiting",
]
