"""What the pages read of drafts. What they read of calls stands in `calls`."""

from parents_partners.intake.queries.drafts import (
    circumstances,
    draft_of,
    drafts_of,
    lists,
    receipt_of,
    submitted_from,
)

__all__ = ["circumstances", "draft_of", "drafts_of", "lists", "receipt_of", "submitted_from"]
