"""What a message says, in one language: a subject, HTML and text, with variables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from groundswell.campaigns.placeholders import Text, parse, problems
from groundswell.kernel.errors import FieldProblem, Invalid

LONGEST_SUBJECT = 255
LONGEST_PART = 200_000
"""Characters of HTML, MJML or text."""
LARGEST = 300_000
"""Bytes of a message in all its languages: an item of DynamoDB has 400 KB."""
_LINE_ENDS = str.maketrans(dict.fromkeys("\r\n\t\x0b\x0c\x00\x85\u2028\u2029", " "))


@dataclass(frozen=True)
class Letter:
    """`html` is what is sent; `mjml` is what it was made of, if of anything. `text` may be empty: it is made of the
    HTML then."""

    subject: str = ""
    html: str = ""
    text: str = ""
    mjml: str | None = None

    @property
    def texts(self) -> tuple[Text, Text, Text]:
        return parse(self.subject), parse(self.html), parse(self.text)

    @property
    def variables(self) -> tuple[str, ...]:
        return tuple(sorted({variable.name for text in self.texts for variable in text.variables}))

    @property
    def empty(self) -> bool:
        return not (self.html or self.text)

    def missing(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        """Variables that have neither a value nor a fallback, in order."""
        return tuple(sorted(set().union(*(text.missing(values) for text in self.texts))))


@dataclass(frozen=True)
class Rendered:
    subject: str
    html: str
    text: str


def render(letter: Letter, values: Mapping[str, Any]) -> Rendered:
    """Raises Invalid for what gets too large."""
    subject, html, text = letter.texts
    try:
        return Rendered(subject_line(subject, values), html.render(values, html=True), text.render(values))
    except ValueError as error:
        raise Invalid.on("body", str(error), "too_large") from error


def subject_line(subject: Text, values: Mapping[str, Any]) -> str:
    """One line, whatever the values hold. Raises ValueError."""
    line = " ".join(subject.render(values).translate(_LINE_ENDS).split())
    return line[:LONGEST_SUBJECT]


def letter_problems(letter: Letter, field: str = "") -> tuple[FieldProblem, ...]:
    """What is wrong with its variables."""
    prefix = f"{field}." if field else ""
    source = "html" if letter.mjml is None else "mjml"
    return problems(
        [(f"{prefix}subject", letter.subject), (f"{prefix}{source}", letter.html), (f"{prefix}text", letter.text)]
    )


def in_language[T](letters: Mapping[str, T], locale: str | None) -> T:
    """The nearest to a locale: `de-AT`, then `de`, then the default one, whose name is empty (RFC 4647 lookup)."""
    tag = (locale or "").replace("_", "-").lower()
    known = {name.replace("_", "-").lower(): letter for name, letter in letters.items()}
    while tag:
        if tag in known:
            return known[tag]
        tag = tag.rpartition("-")[0]
    return known[""]
