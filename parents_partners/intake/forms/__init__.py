"""The steps of the referral form: fields and wording, no rules. Field names are those of the
referral schema, so that a problem at `parents[0].agreement.asked_on` finds its field."""

from parents_partners.intake.forms.before_you_refer import BeforeYouRefer
from parents_partners.intake.forms.case import Case
from parents_partners.intake.forms.children import Children
from parents_partners.intake.forms.conferences import Conferences
from parents_partners.intake.forms.filling import fill
from parents_partners.intake.forms.history import History
from parents_partners.intake.forms.parents import Parents
from parents_partners.intake.forms.part import Answers, Step, field_at, show
from parents_partners.referrals.submission import Section

FORMS: dict[Section, type[Step]] = {
    Section.BEFORE_YOU_REFER: BeforeYouRefer,
    Section.PARENTS: Parents,
    Section.CASE: Case,
    Section.CHILDREN: Children,
    Section.CONFERENCES: Conferences,
    Section.HISTORY: History,
}

__all__ = ["FORMS", "Answers", "Step", "field_at", "fill", "show"]
