from wtforms import FormField

from parents_partners.intake.forms.fields import Day, Email, Language, Phone, Text, YesNo
from parents_partners.intake.forms.part import Part, Step


class Referrer(Part):
    """The organisation is not among the fields: it is that of the account."""

    name = Text("Your name")
    title = Text("Your title")
    phone = Phone("Your phone number")
    email = Email("Your e-mail address")


class ProgrammeDiscussed(Part):
    on = Day("When was the programme discussed with the parent?")
    by = Text("Who discussed it with the parent?")
    brochure_given = YesNo("Was the brochure given to the parent?", no="Not yet")
    brochure_language = Language("Language of the brochure")


class BeforeYouRefer(Step):
    """REF-02."""

    programme_discussed = FormField(ProgrammeDiscussed, "The talk with the parent")
    referrer = FormField(Referrer, "Who refers")
