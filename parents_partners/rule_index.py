"""Which rule of the domain stands where: read off the ids that docstrings and comments name."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

RULES: Mapping[str, str] = {
    "REF-01": "A parent may call; an inquiry needs no name and may end without a referral",
    "REF-02": "Who refers a parent has discussed the programme with them and given the brochure",
    "REF-03": "Each parent answers for themself; nothing is kept of one who did not agree",
    "REF-04a": "Case name, case number, caseworker",
    "REF-04b": "The children by name, born before the referral came in, 21 or younger",
    "REF-04c": "How the agency and the caseworker are reached",
    "REF-04d": "Upcoming conferences, or the answer that there are none; court dates apart",
    "REF-04e": "A brief history: issues, progress, stage of the case",
    "REF-05": "At least one reason of the target population holds",
    "REF-06": "Early cases and near conferences do not wait",
    "REF-07": "The referrer learns what became of the referral, and never reads notes",
    "ADV-01": "No page shows more of a specialist's own history than they chose",
    "ADV-02": "Support is of six kinds; an activity has kinds, time, mode, who took part, a note",
    "ADV-03": "A referral to a needed service is followed to its end",
    "ADV-04": "The brochure's goals are what success is measured by",
    "ADV-05": "Consent is confirmed at first contact and can be withdrawn at any time",
    "P2P-01": "Who takes part in a Parent-to-Parent meeting",
    "P2P-02": "Held face to face",
    "P2P-03": "Every move of a child calls for a new meeting",
    "P2P-04": "From which age and how a child takes part",
    "P2P-05": "Held within two business days of the placement",
    "P2P-06": "The parent is called within 24 hours",
    "P2P-07": "The parent's availability comes first, and the efforts are on record",
    "P2P-08": "A late meeting stays open, each attempt with its reason",
    "P2P-09": "At the agency's office that the parent reaches best",
    "P2P-10": "Apart from the Transition Meeting and the first visit",
    "P2P-11": "No forum for allegations",
    "P2P-12": "Each participant is prepared",
    "P2P-12a": "A parent may ask that somebody come along",
    "P2P-13": "Who facilitates was trained first",
    "P2P-14": "An agenda of five parts",
    "P2P-15": "Topics are prompts, not required answers",
    "P2P-16": "What differs with kin",
    "P2P-17": "A parent's concern gets an owner and a date",
    "P2P-18": "Documented for CONNECTIONS",
    "P2P-19": "The notes go to everybody who took part",
    "P2P-20": "The Family Time plan",
    "P2P-21": "The Life Book",
    "P2P-22": "A child who is not there is told, asked, and answered",
    "SP-01": "A comfort call right after the placement",
    "SP-02": "An icebreaker within seven calendar days",
    "SP-03": "In person, or by video if the family asks",
    "SP-04": "The partnership goes on afterwards",
    "SP-05": "Language, culture and equity needs are asked and respected",
    "SP-10": "A jurisdiction's rules are a profile, which is data",
    "PP-01": "Work with families and work on the system are both assignments",
    "PP-02": "Employment: contract, expenses, waivers",
    "PP-03": "Each specialist belongs to a unit with a supervisor",
    "PP-04": "Concerns that a specialist takes, and will not take: routing obeys the second",
    "PP-05": "Assignments follow a known system and can be explained",
    "PP-06": "Supervision sessions",
    "PP-07": "Training, and what requires which",
    "PP-08": "Funding",
    "PP-09": "Recruitment",
    "PP-10": "Unavailability needs no reason, and shows what it uncovers",
    "PP-11": "Success is assessed, and what is learned is followed up",
    "LIB-01": "The resource library",
    "EVAL-01": "A measure for each goal of the programme",
    "EVAL-02": "No figure about fewer than five families",
}
"""The ids and, in a line each, what they ask."""

_ID = re.compile(r"\b(?:REF|ADV|P2P|SP|PP|LIB|EVAL)-\d{2}[a-e]?\b")


@dataclass(frozen=True)
class Place:
    """A file that names a rule, as a path from the root of the project, and where in it: names
    of functions and classes, or none for the file as a whole."""

    path: str
    names: tuple[str, ...]


def places_of_rules(folders: Iterable[str]) -> dict[str, list[Place]]:
    """Rule -> where it is named, in the order of the paths."""
    found: dict[str, list[Place]] = defaultdict(list)
    for path in _files(folders):
        text = path.read_text()
        inside = _symbols(text) if path.suffix == ".py" else {}
        names: dict[str, dict[str, None]] = defaultdict(dict)
        for number, line in enumerate(text.splitlines(), start=1):
            for rule in _ID.findall(line):
                names[rule][inside.get(number, "")] = None
        for rule, symbols in names.items():
            shown = tuple(symbol for symbol in symbols if symbol)
            found[rule].append(Place(path.relative_to(ROOT).as_posix(), shown))
    return found


def rules_page() -> str:
    """docs/rules.md: every rule, where the code names it, and which tests do."""
    code = places_of_rules(["parents_partners", "templates"])
    tests = places_of_rules(["tests"])
    built = [rule for rule in RULES if rule in code]
    waiting = [rule for rule in RULES if rule not in code]
    parts = [
        "# Rules",
        "Every rule of the domain that the code enforces, where it does so, and the tests that "
        "prove it. Made by `flask --app app docs rules` from the ids that docstrings and comments "
        "name; a test compares this page with the code.",
    ]
    for rule in built:
        parts += [
            f"## {rule}",
            f"{RULES[rule]}.",
            "Code:\n" + _listed(code[rule]),
            "Tests:\n" + _listed(tests.get(rule, [])),
        ]
    parts += [
        "## Not built yet",
        "\n".join(f"- {rule}: {RULES[rule]}" for rule in waiting),
    ]
    return "\n\n".join(parts) + "\n"


def _files(folders: Iterable[str]) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            own = path.suffix in (".py", ".html") and "static" not in path.parts
            if own and path != Path(__file__).resolve():
                yield path


def _symbols(text: str) -> dict[int, str]:
    """Line -> the innermost function or class around it, decorators included."""
    inside: dict[int, str] = {}

    def walk(node: ast.AST, names: tuple[str, ...]) -> None:
        for child in ast.iter_child_nodes(node):
            below = names
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                below = (*names, child.name)
                first = min([child.lineno, *(one.lineno for one in child.decorator_list)])
                for line in range(first, (child.end_lineno or first) + 1):
                    inside[line] = ".".join(below)
            walk(child, below)

    walk(ast.parse(text), ())
    return inside


def _listed(places: Iterable[Place]) -> str:
    lines = []
    for place in places:
        names = ", ".join(f"`{name}`" for name in place.names)
        lines.append(f"- [{place.path}](../{place.path})" + (f": {names}" if names else ""))
    return "\n".join(lines)
