"""A lead as it stands in a file: as the API shows it, and as a row of a table."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from groundswell.kernel.clock import rfc3339
from groundswell.leads.companies import domain_of
from groundswell.leads.model import Lead

_PLAIN = (
    "id",
    "email",
    "phone",
    "first_name",
    "last_name",
    "company",
    "title",
    "website",
    "source",
    "status",
    "owner_id",
    "locale",
    "timezone",
    "score",
    "grade",
    "created_by",
    "version",
)
_TIMES = ("status_changed_at", "scored_at", "last_activity_at", "created_at", "updated_at")
_LISTS = ("tags", "watchers", "aliases", "list_ids", "segment_ids")
_IDENTITIES = ("telegram_chat_id", "wallet", "distinct_id")
_COLUMNS = (*_PLAIN[:12], "tags", *_PLAIN[12:15], *_IDENTITIES, *_TIMES, "list_ids", "segment_ids")
_SCALARS = {True: "true", False: "false", None: ""}


def record(lead: Lead) -> dict[str, Any]:
    """As `GET /leads/{id}` answers."""
    times = {name: getattr(lead, name) for name in _TIMES}
    return {
        **{name: getattr(lead, name) for name in _PLAIN},
        "company_domain": domain_of(lead),
        **{name: list(getattr(lead, name)) for name in _LISTS},
        **{name: rfc3339(at) if at else None for name, at in times.items()},
        "identities": {**{name: getattr(lead, name) for name in _IDENTITIES}, "external": dict(lead.external)},
        "custom_fields": dict(lead.custom_fields),
        "consent": {
            channel: {"granted": consent.granted, "at": rfc3339(consent.at), "source": consent.source}
            for channel, consent in lead.consent.items()
        },
    }


def members(lead_record: Mapping[str, Any]) -> Iterator[str]:
    """Columns that a record has beside those of all: what an import reads back."""
    yield from (f"identities.external.{name}" for name in lead_record["identities"]["external"])
    yield from (f"custom_fields.{field}" for field in lead_record["custom_fields"])
    yield from (f"consent.{channel}" for channel in lead_record["consent"])


def header(more: Sequence[str]) -> list[str]:
    return [*_COLUMNS, *more]


def row(lead_record: Mapping[str, Any], more: Sequence[str]) -> list[str]:
    """The record's cells below `header(more)`."""
    flat = {**lead_record, **lead_record["identities"]}
    flat |= {f"identities.external.{name}": value for name, value in lead_record["identities"]["external"].items()}
    flat |= {f"custom_fields.{name}": value for name, value in lead_record["custom_fields"].items()}
    flat |= {f"consent.{name}": "yes" if value["granted"] else "no" for name, value in lead_record["consent"].items()}
    return [_text(flat.get(name)) for name in header(more)]


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ";".join(map(str, value))
    return _SCALARS[value] if value is None or isinstance(value, bool) else str(value)
