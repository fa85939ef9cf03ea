"""What features say, and what receivers get of it."""

import json
from datetime import UTC, datetime

import pytest

from groundswell.kernel.errors import Invalid
from groundswell.webhooks.events import LARGEST_DATA, event_message, parse_event
from groundswell.webhooks.schema import payload_schema, schema_of

_AT = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


def _payload(data: dict) -> dict:
    message = event_message("c1", "task.completed", data, id="e1", at=_AT)
    return json.loads(parse_event(json.loads(message.body)).payload)


def test_a_payload_has_type_time_and_data() -> None:
    assert _payload({"id": "t1", "name": "Überraschung"}) == {
        "type": "task.completed",
        "timestamp": "2026-11-30T12:00:00.000Z",
        "data": {"id": "t1", "name": "Überraschung"},
    }


def test_a_message_goes_to_the_queue_under_the_events_id() -> None:
    message = event_message("c1", "task.completed", {}, id="e1", at=_AT)

    assert (message.queue, message.id) == ("webhook_events", "webhook:e1")


def test_what_is_too_large_is_left_out_and_named() -> None:
    data = _payload({"id": "t1", "description": "ä" * LARGEST_DATA, "notes": "x" * LARGEST_DATA, "small": 1})["data"]

    assert data == {"id": "t1", "small": 1, "omitted": ["description", "notes"]}


@pytest.mark.parametrize(
    ("event_id", "event_type", "at"),
    [
        ("with.stop", "task.completed", _AT),
        ("with\nbreak", "task.completed", _AT),
        ("", "task.completed", _AT),
        ("e1", "completed", _AT),
        ("e1", "Task.Completed", _AT),
        ("e1", "task.completed", datetime(2026, 11, 30)),  # noqa: DTZ001 - that is the point
    ],
)
def test_an_event_that_cannot_be_signed_is_refused_where_it_is_made(
    event_id: str, event_type: str, at: datetime
) -> None:
    with pytest.raises(ValueError, match="no event"):
        event_message("c1", event_type, {}, id=event_id, at=at)


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"client_id": "c", "id": "e", "type": "a.b", "at": "soon", "data": {}},
        {"client_id": "c", "id": "e", "type": "a.b", "at": "2026-11-30T12:00:00", "data": {}},
        {"client_id": "c", "id": "e", "type": "a.b", "at": _AT.isoformat(), "data": []},
        {"client_id": "c", "id": "e\n", "type": "a.b", "at": _AT.isoformat(), "data": {}},
        {"client_id": "c", "id": "e", "type": "a.b", "at": _AT.isoformat(), "data": {}, "more": 1},
    ],
)
def test_what_is_no_event_is_refused(content: dict) -> None:
    with pytest.raises(Invalid):
        parse_event(content)


def test_a_schema_is_read_off_the_example() -> None:
    example = {
        "id": "t1",
        "at": "2026-11-30T12:00:00.000Z",
        "count": 1,
        "rate": 0.5,
        "on": True,
        "tags": ["a"],
        "by": None,
    }

    schema = payload_schema("task.completed", example)

    assert schema["properties"]["type"] == {"const": "task.completed"}
    assert schema["properties"]["data"]["properties"] == {
        "id": {"type": "string"},
        "at": {"type": "string", "format": "date-time"},
        "count": {"type": "integer"},
        "rate": {"type": "number"},
        "on": {"type": "boolean"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "by": {},
    }
    assert schema_of([]) == {"type": "array", "items": {}}
