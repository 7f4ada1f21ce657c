from parents_partners.cases.types import Setting
from parents_partners.intake.forms.fields import Day, FromList, Moment, Rows, Text, codes
from parents_partners.intake.forms.part import Part, Step
from parents_partners.referrals.submission.children import MOST_CHILDREN


class Child(Part):
    first_name = Text("First name")
    last_name = Text("Last name")
    date_of_birth = Day("Date of birth")
    setting = FromList("Where the child lives now", choices=codes(Setting, first="Choose"))
    removed_at = Moment("Removed from home")
    placed_at = Moment("Placed where the child lives now")
    placement_agency = Text("Agency of the placement")


class Children(Step):
    """REF-04b."""

    children = Rows(Child, "Child", most=MOST_CHILDREN)
