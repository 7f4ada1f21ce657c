import pytest

from parents_partners.accounts.passwords import (
    DEMONSTRATION_PASSWORD,
    generated,
    problem_with_password,
)


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("elevensigns", "12 to 200 characters"),
        ("x" * 201, "12 to 200 characters"),
        ("abababababab", "repeats too few"),
        (DEMONSTRATION_PASSWORD, "password of the demonstration"),
    ],
)
def test_a_password_that_protects_nobody_is_refused_in_words(password: str, words: str) -> None:
    assert words in (problem_with_password(password) or "")


@pytest.mark.parametrize(
    "password",
    ["ana.ruiz-vega@example.org", "Ana.Ruiz-Vega@Example.org ", "anaruizvega1", "AnaLucíaRuizVega"],
)
def test_what_stands_on_the_page_already_is_no_secret(password: str) -> None:
    known = ("ana.ruiz-vega@example.org", "Ana Lucía Ruiz Vega", "anaruizvega1@example.org")
    assert "your name or your e-mail address" in (problem_with_password(password, known) or "")
    assert problem_with_password(f"{password} walks home", known) is None


@pytest.mark.parametrize("password", ["twelve signs", "пароль для всех", "correct horse battery"])
def test_a_long_password_of_any_script_is_good(password: str) -> None:
    assert problem_with_password(password) is None


def test_made_up_passwords_are_good_and_never_the_same() -> None:
    passwords = {generated() for _ in range(100)}
    assert len(passwords) == 100
    assert all(problem_with_password(password) is None for password in passwords)
