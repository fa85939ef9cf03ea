"""Decisions stand in READMEs as one headline each, with a reason that is read in a breath."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READMES = [
    path
    for folder in ("shared", "infra", "functions", "tests")
    for path in (ROOT / folder).rglob("README.md")
    if "node_modules" not in path.parts and "## Decisions" in path.read_text()
]
WORDS_AT_MOST = 60


def _decisions(path: Path) -> list[str]:
    section = path.read_text().partition("## Decisions")[2].partition("\n")[2].partition("\n## ")[0]
    return [text.strip() for text in re.split(r"^- ", section, flags=re.MULTILINE)[1:]]


@pytest.mark.parametrize("path", READMES, ids=lambda path: str(path.relative_to(ROOT).parent))
def test_a_decision_is_one_headline_and_sixty_words(path: Path) -> None:
    decisions = _decisions(path)

    assert decisions
    assert [text for text in decisions if not re.match(r"\*\*[^*]+\*\*", text)] == []
    assert [text for text in decisions if len(text.partition("\n\n")[0].split()) > WORDS_AT_MOST] == []
