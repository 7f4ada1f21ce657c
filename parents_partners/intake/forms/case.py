from wtforms import FormField

from parents_partners.cases.types import Borough, CaseStage
from parents_partners.intake.forms.fields import Day, Email, FromList, Phone, Text, codes
from parents_partners.intake.forms.part import Part, Step


class Caseworker(Part):
    name = Text("Name")
    title = Text("Title")
    organization = Text("Agency or office")
    phone = Phone("Phone number")
    email = Email("E-mail address")


class CaseInformation(Part):
    name = Text("Case name")
    number = Text("Case number")
    stage = FromList("Stage of the case", choices=codes(CaseStage, first="Choose"))
    opened_on = Day("Case opened on")
    borough = FromList("Borough", choices=codes(Borough, first="Choose"))
    agency = Text("Agency")
    agency_phone = Phone("Phone number of the agency")
    caseworker = FormField(Caseworker, "Caseworker")


class Case(Step):
    """REF-04a, REF-04c."""

    case = FormField(CaseInformation, "")
