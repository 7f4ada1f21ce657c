from typing import Any

from flask import current_app
from flask_security.forms import EmailValidation, LoginForm
from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import InputRequired

from parents_partners.accounts.passwords import DEMONSTRATION_PASSWORD, LONGEST_PASSWORD
from parents_partners.core.text import clean, problem_with_text

WRONG = (
    "This e-mail address and this password do not belong to an account. Check both and try again."
)

LONGEST_ADDRESS = 254


class SignInForm(LoginForm):
    """E-mail address and password. Says the same words whatever was wrong, so that nobody learns
    who has an account; nothing remembers a person on a shared computer."""

    email = EmailField(
        "E-mail address",
        # No more of it than shows that it is too long: putting accents in order takes the square
        # of their number, and here anybody may send.
        filters=[lambda text: clean((text or "")[: 2 * LONGEST_ADDRESS])],
        validators=[InputRequired(), EmailValidation()],
    )
    password = PasswordField("Password", validators=[InputRequired()])
    next = HiddenField()
    # Takes away what Flask-Security's form brings: nobody is remembered on a shared computer,
    # and the button is the page's. (Its types do not know that a field can be taken away.)
    remember = None  # type: ignore[assignment]
    submit = None  # type: ignore[assignment]

    def validate(self, **kwargs: Any) -> bool:
        if not self._can_be_read():
            # A page cannot give back what no page can show.
            self.email.data = ""
            return False
        if self.password.data == DEMONSTRATION_PASSWORD and not current_app.config["DEMONSTRATION"]:
            return False
        return super().validate(**kwargs)

    def _can_be_read(self) -> bool:
        return all(
            problem_with_text(text or "", multiline=False, max_length=longest) is None
            for text, longest in (
                (self.email.data, LONGEST_ADDRESS),
                (self.password.data, LONGEST_PASSWORD),
            )
        )
