"""Mails to visitors: some lines, some links, and a calendar entry where there is one. What they say, and what visitors
agree to, is in their own language: `<folder>/<language>.json`, flat, with `{name}`s."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from groundswell.kernel.names import in_mail
from groundswell.mailer.model import Mail
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


@dataclass(frozen=True)
class Letter:
    """`links` are (label, address)."""

    subject: str
    lines: Sequence[str]
    links: Sequence[tuple[str, str]] = ()
    calendar: str = ""


def written(letter: Letter, to: str, id: str) -> Mail:  # noqa: A002 - the field's own name
    """Names in it are shown as names are (`kernel.names.in_mail`): whoever writes the letter sees to that."""
    links = "".join(f"\n\n{label}:\n{address}" for label, address in letter.links)
    text = "\n\n".join(letter.lines) + links + "\n"
    shown = [f"<p>{escape(line).replace('\n', '<br>')}</p>" for line in letter.lines]
    shown += [f'<p><a href="{escape(address)}">{escape(label)}</a></p>' for label, address in letter.links]
    return Mail(id, to, letter.subject, text, "".join(shown), letter.calendar)


def filled(text: str, names: Mapping[str, str]) -> str:
    """A text of ours with names of theirs in it."""
    return text.format_map({name: in_mail(value) for name, value in names.items()})
