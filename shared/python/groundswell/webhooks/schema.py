"""JSON Schemas (2020-12) of events, read off the examples that features give."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any


def payload_schema(event_type: str, example: Mapping[str, Any]) -> dict[str, Any]:
    """Of the whole body: what is in `data` may grow by members, never lose any."""
    properties = {
        "type": {"const": event_type},
        "timestamp": {"type": "string", "format": "date-time"},
        "data": schema_of(example),
    }
    return {"type": "object", "properties": properties, "required": [*properties]}


def schema_of(example: Any) -> dict[str, Any]:
    match example:
        case Mapping():
            properties = {str(name): schema_of(value) for name, value in example.items()}
            return {"type": "object", "properties": properties, "required": [*properties]}
        case list() | tuple():
            return {"type": "array", "items": schema_of(example[0]) if example else {}}
        case str():
            return {"type": "string", **({"format": "date-time"} if _is_time(example) else {})}
        case bool():
            return {"type": "boolean"}
        case int():
            return {"type": "integer"}
        case float():
            return {"type": "number"}
        case _:
            return {}


def _is_time(text: str) -> bool:
    try:
        return "T" in text and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
