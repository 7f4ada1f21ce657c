"""The import contracts of pyproject.toml hold, and each of them can be broken."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.code import PACKAGE, ROOT

LINT = Path(sys.executable).parent / "lint-imports"

WRONG = {
    "Arrows follow the life of a case": ("core/clock.py", "parents_partners.cases.types"),
    "Types stand on nothing": ("cases/types.py", "parents_partners.core.db"),
    "A lifecycle is a table": ("advocates/lifecycle.py", "sqlalchemy"),
    "Policies answer without": ("cases/policies.py", "parents_partners.core.db"),
    "Services know no page": ("audit/services.py", "flask"),
    "Queries only read": ("audit/queries.py", "flask_login"),
    "Forms ask and word": ("accounts/forms.py", "parents_partners.accounts.models"),
    "Routes hold no SQL": ("audit/routes.py", "sqlalchemy"),
    "Only accounts knows": ("navigation.py", "flask_login"),
}
"""For each contract a module and an import that it must not have."""


def lint_in(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT, "--config", "pyproject.toml", "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_import_contracts_hold() -> None:
    result = lint_in(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the linter says of a copy of the product in which every contract is broken."""
    folder = tmp_path_factory.mktemp("broken")
    shutil.copytree(PACKAGE, folder / "parents_partners", ignore=lambda *_: ["static"])
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name, forbidden in WRONG.values():
        module = folder / "parents_partners" / name
        module.write_text(f"{module.read_text()}\nimport {forbidden}\n")
    result = lint_in(folder)
    assert result.returncode == 1
    return " ".join(result.stdout.split())


@pytest.mark.parametrize("contract", WRONG)
def test_a_forbidden_import_breaks_its_contract(broken: str, contract: str) -> None:
    result = broken[broken.index(contract) :]
    assert result.index("BROKEN") < (result + " KEPT").index("KEPT")


def test_every_contract_is_among_those_that_are_broken() -> None:
    contracts = (ROOT / "pyproject.toml").read_text().count("[[tool.importlinter.contracts]]")
    assert contracts == len(WRONG)
