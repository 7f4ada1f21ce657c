from wtforms import FormField

from parents_partners.intake.forms.fields import AnyOf, LongText, codes
from parents_partners.intake.forms.part import Part, Step
from parents_partners.referrals.submission.history import LONGEST_HISTORY
from parents_partners.referrals.types import ReferralReason


class BriefHistory(Part):
    issues = LongText("Issues", longest=LONGEST_HISTORY)
    progress = LongText("Progress", longest=LONGEST_HISTORY)
    stage = LongText("Stage of the case", longest=LONGEST_HISTORY)


class History(Step):
    """REF-04e, REF-05."""

    history = FormField(BriefHistory, "")
    reasons = AnyOf("Why do you refer this family?", choices=codes(ReferralReason))
