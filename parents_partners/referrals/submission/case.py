"""The case, the agency and its caseworker (REF-04a, REF-04c)."""

from parents_partners.cases.types import Borough, CaseStage
from parents_partners.core.words import date_words
from parents_partners.referrals.submission.part import Part, says
from parents_partners.referrals.submission.people import read_person
from parents_partners.referrals.submission.types import CaseInformation, Circumstances


def read_case(document: Part, circumstances: Circumstances) -> CaseInformation | None:
    part = document.part("case", "the case", missing="Enter the case name, stage and agency.")
    if part is None:
        return None
    name = part.text("name", "the case name", required=True)
    number = part.text("number", "the case number", max_length=40)
    stage = part.choice("stage", "the stage of the case", CaseStage, required=True)
    opened_on = part.day("opened_on", "the day on which the case was opened")
    if opened_on is not None and opened_on > circumstances.received_on:
        part.refuse(
            "opened_on",
            f"{date_words(opened_on)} is later than {date_words(circumstances.received_on)},"
            " the day on which the referral was received. Check the date, or leave it out.",
        )
    borough = part.choice("borough", "the borough", Borough)
    agency = part.text("agency", "the name of the agency", required=True)
    agency_phone = part.phone("agency_phone", "the agency's phone number")
    worker = part.part("caseworker", "the caseworker", missing="Enter the caseworker.")
    caseworker = read_person(worker, "the caseworker") if worker else None
    part.refuse_the_rest()
    if circumstances.sent_by_staff and not _can_be_reached(document, part):
        part.refuse(
            "agency_phone",
            "Nobody could be contacted about this family. Enter a phone number of the agency, or a"
            " phone number or e-mail address of the caseworker or the referrer.",
        )
    if name is None or stage is None or agency is None or caseworker is None:
        return None
    return CaseInformation(
        name, number, stage, opened_on, borough, agency, agency_phone, caseworker
    )


def _can_be_reached(document: Part, case: Part) -> bool:
    """REF-04c. What was given and is wrong has its own problem."""
    if case.given("agency_phone") is not None:
        return True
    for person in (case.given("caseworker"), document.given("referrer")):
        if isinstance(person, dict) and any(says(person.get(name)) for name in ("phone", "email")):
            return True
    return False
