"""Every feature's texts, whichever features there are."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FOLDERS = [*ROOT.glob("functions/**/texts"), ROOT / "shared/python/groundswell/pages/texts"]


def _placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"{(\w*)}", text))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_every_language_says_the_same_things(folder):
    texts = {path.stem: json.loads(path.read_text()) for path in folder.glob("*.json")}

    assert {"en", "de"} <= set(texts)
    for language, said in texts.items():
        assert said.keys() == texts["en"].keys(), language
        assert {key: _placeholders(text) for key, text in said.items()} == {
            key: _placeholders(text) for key, text in texts["en"].items()
        }, language
