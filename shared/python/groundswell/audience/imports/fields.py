"""Cells as values of a lead, in the one spelling that is kept."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from groundswell.audience.imports.columns import number
from groundswell.audience.imports.mapping import CONSENT, CUSTOM, EXTERNAL, Targets
from groundswell.audience.imports.model import Row, RowError
from groundswell.kernel.zones import check_zone
from groundswell.leads.identities import IdentityKind, normalize, normalize_phone
from groundswell.leads.model import TAGS_AT_MOST, Status
from groundswell.leads.settings.types import CustomField, converted

_LINE = 200
_TEXT = 2000
_WEBSITE = re.compile(r"https?://[^\s/?#]+\S*")
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+(/\S*)?", re.IGNORECASE)
_LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}")
_INERT = re.compile(r"'(?=[\s\"]*[=+\-@\uff1d\uff0b\uff0d\uff20])")
_YES = frozenset({"yes", "y", "true", "1", "ja", "oui", "si", "x", "granted", "subscribed"})
_NO = frozenset({"no", "n", "false", "0", "nein", "non", "refused", "withdrawn", "unsubscribed"})
_IDENTITIES = frozenset(kind.value for kind in IdentityKind) - {IdentityKind.EXTERNAL.value, IdentityKind.PHONE.value}


class CellError(ValueError):
    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class Reader:
    """Reads rows by the targets of their columns. `numeric` columns become numbers where they are custom fields; those
    that the client gave a type (`types`, by name) become values of it."""

    def __init__(
        self, titles: Sequence[str], targets: Targets, numeric: Sequence[bool], types: Mapping[str, CustomField]
    ) -> None:
        self._titles = titles
        self._types = types
        self._wanted = [(at, target) for at, column_targets in enumerate(targets) for target in column_targets]
        # The locale first: it says how to read the phone.
        self._wanted.sort(key=lambda pair: pair[1] != "locale")
        self._numeric = numeric

    def row(self, row: int, line: int, cells: Sequence[str]) -> Row:
        if not any(cell.strip() for cell in cells):
            return Row(row, line, None)
        if any(cells[len(self._titles) :]):
            text = f"{len(cells)} cells, and the header has {len(self._titles)}"
            return Row(row, line, {}, RowError(row, line, "row", text))
        try:
            return Row(row, line, self._values(cells))
        except CellError as error:
            return Row(row, line, {}, RowError(row, line, error.field, error.message))

    def _values(self, cells: Sequence[str]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for at, target in self._wanted:
            text = cells[at].strip() if at < len(cells) else ""
            text = _INERT.sub("", text, count=1)
            if text:
                try:
                    self._take(values, target, text, at)
                except ValueError as error:
                    raise CellError(self._named(at, target), str(error)) from error
        return values

    def _take(self, values: dict[str, Any], target: str, text: str, at: int) -> None:
        """Raises ValueError."""
        if target.startswith(CUSTOM):
            name = target.removeprefix(CUSTOM)
            values.setdefault("custom_fields", {})[name] = self._custom(name, text, numeric=self._numeric[at])
        else:
            _take(values, target, text)

    def _custom(self, name: str, text: str, *, numeric: bool) -> Any:
        if field := self._types.get(name):
            return converted(field, _bounded(text, _TEXT))
        return number(text) if numeric else _bounded(text, _TEXT)

    def _named(self, at: int, target: str) -> str:
        """As the file calls it where that is not the field's name."""
        return target if target == self._titles[at] or not target.startswith(CUSTOM) else self._titles[at]


def _take(values: dict[str, Any], target: str, text: str) -> None:
    """Raises ValueError."""
    if target.startswith(EXTERNAL):
        values.setdefault("external", {})[target.removeprefix(EXTERNAL)] = _line(text)
    elif target.startswith(CONSENT):
        consent = {"granted": _truth(text), "source": "import"}
        values.setdefault("consent", {})[target.removeprefix(CONSENT)] = consent
    elif target == "name":
        first, _, last = _line(text).partition(" ")
        values.setdefault("first_name", first)
        if last:
            values.setdefault("last_name", last.strip())
    elif target == "phone":
        values["phone"] = normalize_phone(text, values.get("locale"))
    elif target in _IDENTITIES:
        values[target] = normalize(IdentityKind(target), _bounded(text, 320))
    else:
        values[target] = _READERS.get(target, _line)(text)


def _bounded(text: str, longest: int) -> str:
    if len(text) > longest:
        raise ValueError(f"at most {longest} characters")
    return text


def _line(text: str) -> str:
    if not text.isprintable():
        text = " ".join(text.split())
    return _bounded(text, _LINE)


def _key(text: str) -> str:
    if "#" in text:
        raise ValueError("no # in it")
    return _bounded(_line(text), 64)


def _tags(text: str) -> tuple[str, ...]:
    tags = tuple(dict.fromkeys(_key(tag.strip()) for tag in re.split(r"[;,|]", text) if tag.strip()))
    if len(tags) > TAGS_AT_MOST:
        raise ValueError(f"at most {TAGS_AT_MOST} tags")
    return tags


def _status(text: str) -> Status:
    try:
        return Status(text.lower())
    except ValueError as error:
        raise ValueError(f"one of {', '.join(Status)}") from error


def _website(text: str) -> str:
    if _HOST.fullmatch(text):
        text = f"https://{text}"
    if not _WEBSITE.fullmatch(text):
        raise ValueError("an address such as https://www.example.com")
    return _bounded(text, 500)


def _locale(text: str) -> str:
    if not _LOCALE.fullmatch(text):
        raise ValueError("a locale such as de-DE")
    return text


def _truth(text: str) -> bool:
    word = text.lower()
    if word not in _YES | _NO:
        raise ValueError("yes or no")
    return word in _YES


_READERS: Mapping[str, Callable[[str], Any]] = {
    "source": _key,
    "tags": _tags,
    "status": _status,
    "website": _website,
    "locale": _locale,
    "timezone": check_zone,
}
