from typing import Any

from flask import current_app
from flask_security.forms import LoginForm
from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import Length

from parents_partners.accounts.passwords import DEMONSTRATION_PASSWORD, LONGEST_PASSWORD
from parents_partners.core.text import clean, problem_with_text

WRONG = (
    "This e-mail address and this password do not belong to an account. Check both and try again."
)


class SignInForm(LoginForm):
    """E-mail address and password. Says the same words whatever was wrong, so that nobody learns
    who has an account; nothing remembers a person on a shared computer."""

    email = EmailField("E-mail address", filters=[lambda text: clean(text or "")])
    password = PasswordField("Password", validators=[Length(max=LONGEST_PASSWORD)])
    next = HiddenField()
    remember = None  # type: ignore[assignment]
    submit = None  # type: ignore[assignment]

    def validate(self, **kwargs: Any) -> bool:
        typed = (self.email.data, self.password.data)
        readable = all(
            isinstance(text, str)
            and text
            and problem_with_text(text, multiline=False, max_length=254) is None
            for text in typed
        )
        if self.password.data == DEMONSTRATION_PASSWORD and not current_app.config["DEMONSTRATION"]:
            return False
        return readable and super().validate(**kwargs)
