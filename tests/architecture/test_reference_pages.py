"""The pages of docs/reference that are made from the code say what the code says."""

import pytest
from flask import Flask

from tests.architecture.code import ROOT


@pytest.mark.parametrize("name", ["lifecycles", "permissions"])
def test_the_committed_page_is_what_the_command_prints(app: Flask, name: str) -> None:
    printed = app.test_cli_runner().invoke(args=["docs", name])
    assert printed.exit_code == 0, printed.output
    committed = (ROOT / "docs" / "reference" / f"{name}.md").read_text()
    assert printed.output == committed, f"flask --app app docs {name} > docs/reference/{name}.md"
