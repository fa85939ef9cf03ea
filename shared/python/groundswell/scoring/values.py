"""What a lead's fields hold, read as a rule compares it.

Custom fields come from forms and CSV files: a number may be a text there, and a text in any case.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from math import isfinite
from typing import Any

type Fields = Mapping[str, Any]
TEXTS = frozenset(
    {
        "email", "email_domain", "phone", "first_name", "last_name", "name", "company", "company_domain", "title",
        "website", "source", "status", "owner_id", "locale", "timezone", "telegram_chat_id", "wallet", "distinct_id",
    }
)  # fmt: skip
TIMES = frozenset({"created_at", "updated_at", "last_activity_at", "status_changed_at"})
LISTS = frozenset({"tags", "list_ids", "segment_ids"})
_NESTED = {"custom_fields": "custom_fields", "external": "external", "identities.external": "external"}


def reader(name: str) -> Callable[[Fields], Any]:
    """Reads the field of that name: a lead's own, `custom_fields.<name>`, `identities.external.<name>`, or a custom
    field's name alone. None is absent, as are an empty text and an empty list."""
    if name in TEXTS | TIMES | LISTS:
        return lambda fields: _present(fields.get(name))
    for prefix, nest in _NESTED.items():
        if name.startswith(f"{prefix}."):
            return _nested(nest, name[len(prefix) + 1 :])
    return _nested("custom_fields", name)


def _nested(nest: str, member: str) -> Callable[[Fields], Any]:
    return lambda fields: _present((fields.get(nest) or {}).get(member))


def _present(value: Any) -> Any:
    return None if value == "" or value == () or value == [] else value


def number(value: Any) -> float | None:
    """A finite number, or a text of one; None for anything else, truth values among it."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        numeric = float(value)
    except (ValueError, OverflowError):
        return None
    return numeric if isfinite(numeric) else None


def moment(value: Any) -> datetime | None:
    """A time, or a text of one in ISO 8601; without an offset it is UTC."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def same_key(value: Any) -> Any:
    """Equal for values that are the same to a rule: `5`, `5.0` and `"5"`, `Berlin` and `BERLIN`, `true` and `True`."""
    numeric = number(value)
    if numeric is not None:
        return numeric
    return value.isoformat() if isinstance(value, datetime) else str(value).lower().strip()


def members(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,)
