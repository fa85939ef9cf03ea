"""Mails to visitors: some lines, some links, and a calendar entry where there is one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from groundswell.kernel.names import in_mail
from groundswell.kernel.ranges import zone
from groundswell.mailer.model import Mail

LANGUAGES = ("en", "de")
_DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
}
# fmt: off
_MONTHS = {
    "en": ("January", "February", "March", "April", "May", "June",
           "July", "August", "September", "October", "November", "December"),
    "de": ("Januar", "Februar", "März", "April", "Mai", "Juni",
           "Juli", "August", "September", "Oktober", "November", "Dezember"),
}
# fmt: on


@dataclass(frozen=True)
class Letter:
    """`links` are (label, address)."""

    subject: str
    lines: Sequence[str]
    links: Sequence[tuple[str, str]] = ()
    calendar: str = ""


def language_of(locale: str | None) -> str:
    """English, unless they speak another language that mails are written in."""
    language = (locale or "").replace("_", "-").partition("-")[0].lower()
    return language if language in LANGUAGES else LANGUAGES[0]


def written(letter: Letter, to: str, id: str) -> Mail:  # noqa: A002 - the field's own name
    """Names in it are shown as names are (`kernel.names.in_mail`): whoever writes the letter sees to that."""
    links = "".join(f"\n\n{label}:\n{address}" for label, address in letter.links)
    text = "\n\n".join(letter.lines) + links + "\n"
    shown = [f"<p>{escape(line).replace('\n', '<br>')}</p>" for line in letter.lines]
    shown += [f'<p><a href="{escape(address)}">{escape(label)}</a></p>' for label, address in letter.links]
    return Mail(id, to, letter.subject, text, "".join(shown), letter.calendar)


def local_time(moment: datetime, timezone: str, language: str) -> str:
    """`Monday, 30 November 2026, 15:00 (Europe/Berlin, UTC+01:00)`: on those clocks, in that language."""
    local = moment.astimezone(zone(timezone))
    offset = f"UTC{local:%z}"[:6] + ":" + f"{local:%z}"[3:5]
    place = timezone if timezone == "UTC" else f"{timezone}, {offset}"
    return f"{local_date(moment, timezone, language)}, {local:%H:%M} ({place})"


def local_date(moment: datetime, timezone: str, language: str) -> str:
    """`Monday, 30 November 2026`."""
    local = moment.astimezone(zone(timezone))
    day, month = _DAYS[language][local.weekday()], _MONTHS[language][local.month - 1]
    return f"{day}, {local.day}{'.' if language == 'de' else ''} {month} {local.year}"


def filled(text: str, names: Mapping[str, str]) -> str:
    """A text of ours with names of theirs in it."""
    return text.format_map({name: in_mail(value) for name, value in names.items()})
