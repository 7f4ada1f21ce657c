from wtforms import StringField, ValidationError

from parents_partners.core.forms import PostForm, Written
from parents_partners.referrals.looking_for import LONGEST_SEARCH, is_enough, looked_for


class SearchForm(PostForm):
    """Sent by POST: what is searched for never stands in an address."""

    words = StringField(
        "Name, case number, phone or reference",
        validators=[Written(LONGEST_SEARCH, what="What you search for")],
    )

    def validate_words(self, field: StringField) -> None:
        if not is_enough(looked_for(field.data or "")):
            raise ValidationError(
                "Type a name, a case number, at least seven digits of a phone, or a reference."
            )
