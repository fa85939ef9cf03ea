"""What visitors read in mails and agree to, in their own language: `<folder>/<language>.json`, flat, with `{name}`s."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from groundswell.visitors.model import Host

LANGUAGES = ("en", "de", "es", "fr", "it", "nl", "pt")
"""In which visitors are written to: every folder has each of them, with the same texts."""


def language_of(locale: str | None) -> str:
    """English, unless they speak another language that mails are written in."""
    language = (locale or "").replace("_", "-").partition("-")[0].lower()
    return language if language in LANGUAGES else LANGUAGES[0]


@dataclass(frozen=True)
class Texts:
    """One feature's. A process reads those languages that it needs."""

    folder: Path

    def by_locale(self, locale: str | None) -> Mapping[str, str]:
        return _read(self.folder, language_of(locale))

    def consent(self, own: str | None, host: Host, locale: str | None) -> str:
        """What somebody is asked to agree to: the client's own text, or ours in their language."""
        return own or self.by_locale(locale)["consent"].format(client=host.name)


@cache
def _read(folder: Path, language: str) -> Mapping[str, str]:
    texts: Mapping[str, str] = json.loads((folder / f"{language}.json").read_text(encoding="utf-8"))
    return texts
