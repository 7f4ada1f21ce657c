"""Our own modules and templates, as the architecture tests look at them."""

import importlib
import pkgutil
from enum import StrEnum
from pathlib import Path
from types import ModuleType

import parents_partners

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "parents_partners"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((PACKAGE / "static").glob("*.js"))
SOURCES = [path for path in sorted(PACKAGE.rglob("*.py")) if "__pycache__" not in path.parts]


def modules() -> list[ModuleType]:
    """Every module of the product, imported."""
    return [
        importlib.import_module(found.name)
        for found in pkgutil.walk_packages(parents_partners.__path__, "parents_partners.")
    ]


def enums() -> list[type[StrEnum]]:
    """Every closed vocabulary of the product, each once."""
    found = {
        value
        for module in modules()
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, StrEnum) and value is not StrEnum
        if value.__module__.startswith("parents_partners.")
    }
    return sorted(found, key=lambda one: (one.__module__, one.__name__))


def short(path: Path) -> str:
    """A path as a test's name shows it."""
    return path.relative_to(ROOT).as_posix()
