"""Who changed which field of a lead, from what to what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from groundswell.leads.model import Lead

_WATCHED = (
    "email",
    "phone",
    "first_name",
    "last_name",
    "company",
    "title",
    "website",
    "source",
    "status",
    "tags",
    "owner_id",
    "watchers",
    "locale",
    "timezone",
    "telegram_chat_id",
    "wallet",
    "distinct_id",
)
_MAPPED = {"custom_fields": "custom_fields", "external": "identities.external"}


@dataclass(frozen=True)
class Change:
    """What became of one field. `before` and `after` are as JSON has them."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class ChangeSet:
    """What somebody changed at once. `id` is time-ordered."""

    id: str
    at: datetime
    by: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class FieldChange:
    """One field that somebody changed."""

    at: datetime
    by: str
    field: str
    before: Any
    after: Any


def changes_between(before: Lead, after: Lead) -> tuple[Change, ...]:
    """The scores and what follows from other changes are left out."""
    plain = (Change(name, _json(getattr(before, name)), _json(getattr(after, name))) for name in _WATCHED)
    mapped = (
        change
        for name, shown in _MAPPED.items()
        for change in _members(shown, getattr(before, name), getattr(after, name))
    )
    consent = _members("consent", _granted(before), _granted(after))
    return tuple(change for change in (*plain, *mapped, *consent) if change.before != change.after)


def _members(shown: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for name in dict.fromkeys((*before, *after)):
        yield Change(f"{shown}.{name}", before.get(name), after.get(name))


def _granted(lead: Lead) -> dict[str, bool]:
    return {channel: entry.granted for channel, entry in lead.consent.items()}


def _json(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value.value if isinstance(value, StrEnum) else value
