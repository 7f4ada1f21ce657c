from collections.abc import Sequence
from typing import Any

from parents_partners.core.forms import ChoiceField, ChoicesField, PostForm


class DeclineForm(PostForm):
    """No is a normal answer; a reason helps to find somebody else (pitfall 7)."""

    reason = ChoiceField("Why do you decline?", description="Choose a reason. Any of them is fine.")

    def __init__(self, reasons: Sequence[tuple[str, str]], **values: Any) -> None:
        super().__init__(**values)
        self.reason.choices = list(reasons)


class EndForm(PostForm):
    outcome = ChoiceField("How did the support end?", description="Choose how the support ended.")

    def __init__(self, outcomes: Sequence[tuple[str, str]], **values: Any) -> None:
        super().__init__(**values)
        self.outcome.choices = list(outcomes)


class ReopenForm(PostForm):
    parents = ChoicesField(
        "Who wants support again?", description="Choose who wants support again."
    )

    def __init__(self, parents: Sequence[tuple[str, str]], **values: Any) -> None:
        super().__init__(**values)
        self.parents.choices = list(parents)
