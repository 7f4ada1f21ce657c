"""The figures of docs/reference/look-alikes.md are made by a script that can be run, and hold in
small, too."""

import re
from pathlib import Path

from bench.look_alikes import EACH, KINDS, POPULATION, SEED, measure

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "look-alikes.md"


def test_in_small_most_are_found_and_few_others_shown() -> None:
    results, _near = measure(SEED, 120, 8)
    searched = sum(one.searched for one in results.values())
    found = sum(one.found for one in results.values())
    false = sum(one.false for one in results.values())
    assert found / searched >= 0.9
    assert false / searched <= 0.5


def test_the_page_tells_its_seed_and_every_kind() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert f"seed {SEED}): {POPULATION:,} made-up families, {EACH} of each kind" in page
    assert re.findall(r"^\| ([^*|]+) \| 80 \| \d+ \| ", page, re.MULTILINE) == list(KINDS)
