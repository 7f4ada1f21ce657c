from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from parents_partners.intake.forms.fields import FromList, Moment, OneOf, Rows, Text, listed
from parents_partners.intake.forms.part import Answers, Part, Step
from parents_partners.intake.types import Document
from parents_partners.referrals.submission.conferences import MOST_CONFERENCES


class Conference(Part):
    kind = FromList("Kind of conference", choices=listed("conference_kind", first="Choose"))
    starts_at = Moment("When")
    place = Text("Place")
    link = Text("Link, if it is held online")


class Conferences(Step):
    """REF-04d: none is an answer. The question itself stands in no document: a list says that
    there are some, an empty list that there is none, no list that nobody answered yet."""

    coming_up = OneOf(
        "Is any conference or court date coming up?",
        choices=[SelectChoice("yes", "Yes"), SelectChoice("none", "No, none that we know of")],
    )
    conferences = Rows(Conference, "Conference", most=MOST_CONFERENCES)

    @classmethod
    def drafted(cls, document: Document, lists: object) -> "Conferences":
        known = document.get("conferences")
        answer = None if known is None else "yes" if known else "none"
        return cls(data={**document, "coming_up": answer}, meta={"lists": lists})

    def properties(self) -> tuple[str, ...]:
        return ("conferences",)

    def fragment(self) -> Document:
        if self.coming_up.data == "none":
            return {"conferences": []}
        conferences = [entry.form.fragment() for entry in self.conferences.entries]
        # Somebody who fills in a conference and forgets the question has answered it.
        if self.coming_up.data == "yes" or any(conferences):
            return {"conferences": conferences}
        return {}

    def answers(self, heading: str = "") -> list[Answers]:
        if self.coming_up.data == "yes":
            return [
                answers
                for number, entry in enumerate(self.conferences.entries, start=1)
                for answers in entry.form.answers(f"Conference {number}")
            ]
        rows = ((self.coming_up.label.text, self.coming_up.in_words()),)
        return [Answers(heading, rows if self.coming_up.data else ())]
