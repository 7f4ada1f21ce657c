"""Workers around the family: the referrer, the caseworker."""

from parents_partners.referrals.submission.part import Part
from parents_partners.referrals.submission.types import PersonContact


def read_person(part: Part, who: str) -> PersonContact | None:
    name = part.text("name", f"the name of {who}", required=True)
    title = part.text("title", f"the title of {who}")
    organization = part.text("organization", f"the organisation of {who}")
    phone = part.phone("phone", f"the phone number of {who}")
    email = part.email("email", f"the e-mail address of {who}")
    part.refuse_the_rest()
    if name is None:
        return None
    return PersonContact(name, title, organization, phone, email)
