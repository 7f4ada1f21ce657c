"""What is sent by the buttons beside two who look alike."""

from wtforms import HiddenField, SelectField, StringField

from parents_partners.core.forms import PostForm
from parents_partners.referrals.types import KeyOf, Likeness


class LikenessForm(PostForm):
    """`said` of the two families; of two people where `of` and `position` name one of the
    referral (as in `LookAlike`) and `person` the public id of a known one."""

    said = StringField()
    of = HiddenField()
    position = HiddenField()
    person = SelectField("The same person as", validate_choice=False)

    def act(self) -> Likeness | None:
        """None for what no button says."""
        return Likeness(self.said.data) if self.said.data in set(Likeness) else None

    def is_of_person(self) -> bool:
        return bool(self.of.data)

    def role(self) -> KeyOf | None:
        return KeyOf(self.of.data) if self.of.data in {KeyOf.PARENT, KeyOf.CHILD} else None

    def place(self) -> int | None:
        text = self.position.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None
