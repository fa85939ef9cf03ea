"""What pages say, by key and language: `texts/<language>.json` beside a feature's templates, flat, with `{name}`s."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from groundswell.pages.languages import DEFAULT

type Say = Callable[..., str]


@cache
def read(folder: Path) -> Mapping[str, Mapping[str, str]]:
    """Every language of a folder. Raises FileNotFoundError where English is missing."""
    texts = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}
    if DEFAULT not in texts:
        raise FileNotFoundError(f"{folder}/{DEFAULT}.json")
    return texts


def speaker(language: str, *sources: Mapping[str, Mapping[str, str]]) -> Say:
    """`say("reset.title")` in that language, from the first source that has it; where none has, in English.

    It raises KeyError for a text that there is not.
    """
    known = [source.get(language, {}) for source in sources] + [source[DEFAULT] for source in sources]

    def say(key: str, **values: object) -> str:
        text = next((texts[key] for texts in known if key in texts), None)
        if text is None:
            raise KeyError(key)
        return text.format_map(values) if values else text

    return say


def says(key: str, *sources: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether there is such a text."""
    return any(key in source[DEFAULT] for source in sources)
