"""Every feature's texts, pages' and mails', whichever features there are."""

import json
import re
from pathlib import Path

import pytest

from groundswell.pages.pages import NAMES
from groundswell.visitors.letters import LANGUAGES

ROOT = Path(__file__).parents[3]
FOLDERS = [*ROOT.glob("functions/**/texts"), *ROOT.glob("shared/python/groundswell/**/texts")]


def _placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"{(\w*)}", text))


def test_there_are_pages_and_mails() -> None:
    names = {folder.parent.relative_to(ROOT).as_posix() for folder in FOLDERS}

    assert {"functions/public/bookings", "shared/python/groundswell/bookings"} <= names


def test_pages_and_mails_are_in_the_same_languages() -> None:
    assert sorted(LANGUAGES) == sorted(NAMES)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: "/".join(folder.parts[-3:-1]))
def test_every_language_says_the_same_things(folder: Path) -> None:
    texts = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")}

    assert sorted(texts) == sorted(LANGUAGES)
    for language, own in texts.items():
        assert list(own) == list(texts["en"]), language
        assert [key for key, text in own.items() if not text.strip()] == [], language
        assert {key: _placeholders(text) for key, text in own.items()} == {
            key: _placeholders(text) for key, text in texts["en"].items()
        }, language
