from wtforms import FormField

from parents_partners.cases.types import ConsentScope, HowAsked, Relationship
from parents_partners.intake.forms.fields import (
    AnyOf,
    Day,
    Email,
    FromList,
    Language,
    LongText,
    OneOf,
    Phone,
    Rows,
    Text,
    YesNo,
    codes,
)
from parents_partners.intake.forms.part import Answers, Part, Step
from parents_partners.referrals.submission.parents import MOST_PARENTS
from parents_partners.referrals.types import AgreementAnswer


class Agreement(Part):
    answer = OneOf(
        "Does this parent want a Family Specialist?",
        choices=codes(AgreementAnswer),
    )
    asked_by = Text("Who asked the parent?")
    asked_on = Day("When was the parent asked?")
    how = OneOf("How was the parent asked?", choices=codes(HowAsked))
    # Nothing is ticked beforehand: a consent is what the parent said, not what the form proposes.
    scope = AnyOf("What did the parent agree to?", choices=codes(ConsentScope))


class SafeContactNote(LongText):
    """Unlike a part of the history it need not be there."""

    def said(self) -> object | None:
        return self.data or None


class SafeContact(Part):
    voicemail = YesNo("Leave a voicemail?", unsaid="Not said")
    text = YesNo("Send a text message?", unsaid="Not said")
    email = YesNo("Send an e-mail?", unsaid="Not said")
    mail = YesNo("Send a letter?", unsaid="Not said")
    note = SafeContactNote("How to reach this parent safely", longest=500)


class Parent(Part):
    relationship = FromList(
        "Relationship to the children", choices=codes(Relationship, first="Choose")
    )
    first_name = Text("First name")
    last_name = Text("Last name")
    agreement = FormField(Agreement, "")
    phone = Phone("Phone number")
    email = Email("E-mail address")
    preferred_language = Language("Language the parent prefers")
    interpreter_needed = YesNo("Is an interpreter needed?", unsaid="Not known")
    safe_contact = FormField(SafeContact, "")

    def answers(self, heading: str = "") -> list[Answers]:
        """REF-03: of a parent who did not agree, what will be sent and nothing more."""
        answer = self.agreement.form.answer
        if answer.data == AgreementAnswer.AGREED.value:
            return super().answers(heading)
        sent = [(field.label.text, field.in_words()) for field in (self.relationship, answer)]
        rows = tuple((asked, words) for asked, words in sent if words)
        remark = "Only what stands here is sent. Everything else about this parent stays behind."
        if not rows and any(part.rows for part in super().answers(heading)):
            remark = "The parent’s own answer is missing. What you typed about them is kept."
            return [Answers(heading, rows, remark)]
        return [Answers(heading, rows, remark if rows else "")]


class Parents(Step):
    """REF-03."""

    parents = Rows(Parent, "Parent", most=MOST_PARENTS)
