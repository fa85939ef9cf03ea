"""Names that a stranger knows: nouns for things, and none of the words that once stood for any of them."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
WORDS = "each|found|said|asked|told|given|taken|some|beside|whose"
BINDING = re.compile(
    rf"\bfor (?:\w+, )*(?:{WORDS})(?:, \w+)* in\b"
    rf"|^\s*(?:\w+, )*(?:{WORDS})(?:, \w+)* = "
    rf"|\blambda (?:\w+, )*(?:{WORDS})\b"
    rf"|\bdef _?(?:{WORDS})\("
    rf"|^    (?!taken)(?:{WORDS}): (?!\S*=)[A-Za-z]"
    r"|\bclass \w*(?:Asked|Said|Told|Given)\w*[:(]|^class _?Found[:(]| as (?:Asked|Said|Told|Found)\b",
    re.MULTILINE,
)


def bindings(text: str) -> list[str]:
    return [match.group().strip() for match in BINDING.finditer(text)]


def sources() -> Iterator[Path]:
    for folder in ("functions", "infra", "shared"):
        yield from (ROOT / folder).rglob("*.py")


def test_nothing_is_called_by_a_word_that_fits_everything() -> None:
    named = {str(path.relative_to(ROOT)): bindings(path.read_text(encoding="utf-8")) for path in sources()}

    assert {path: names for path, names in named.items() if names} == {}


def test_the_words_are_seen_wherever_a_name_begins() -> None:
    assert len(bindings("for each in leads:\n    pass\nfound = 1\nkey = lambda some: some\ndef told(): ...\n")) == 4
    assert len(bindings("class Asked:\n    told: bool\nclass FunnelAsked(In):\nfrom a import B as Said\n")) == 4
    assert bindings("class TaskNotFound(NotFound):\n") == []
    assert bindings("for lead in each_lead:\n    found_number = '# for each in it'") == ["for each in"]
