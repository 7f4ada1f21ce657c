"""What the database brings along is what the page about settings says."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from parents_partners.core.reference import ListItem, Setting

PAGE = (Path(__file__).parents[2] / "docs/reference/settings.md").read_text(encoding="utf-8")


def test_every_setting_and_list_is_explained(session: scoped_session[Session]) -> None:
    settings = session.scalars(select(Setting)).all()
    assert settings
    for setting in settings:
        assert f"| `{setting.name}` | {setting.value} | {setting.help} |" in PAGE
    for name in session.scalars(select(ListItem.list_name).distinct()):
        assert f"| `{name}` |" in PAGE
