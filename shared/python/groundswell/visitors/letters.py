"""Mails to visitors: some lines, some links, and a calendar entry where there is one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from groundswell.kernel.names import in_mail
from groundswell.mailer.model import Mail


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
