"""Odd values are refused where they come in, by every operation: none is a crash, and none goes on to be a key."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import walk_packages
from typing import Annotated, Any
from urllib.parse import quote

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

import functions
from groundswell.http.schema import In
from tests.integration.security.operations import Operation, document, operations
from tests.integration.security.world import World, build

pytestmark = pytest.mark.usefixtures("advance")
TOO_LONG = ("x" * 2_049, "\U0001f600" * 300)
"""For a partition key, and for a sort key."""
BAD_RANGES = (
    "from=2026-02&to=2026-01",
    "from=0001-01-01T00:00:00%2B14:00",
    "to=9999-12-31T23:59:59-14:00",
    "to=2101-01",
)
BAD_TIMES = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2101-01-01T00:00:00Z", "2026-11-01T09:30:00")
BOUNDS = {"maxLength", "enum", "const", "format", "pattern"}
NOT_LOOKED_FOR = {"key", "writeKey", "username", "password", "totp_code", "recovery_code", "device_token", "scope"}
"""API keys, which have a form; and the fields of an OAuth form, which are those of a sign-in."""


@pytest.fixture
def world(moto, gateway, people) -> World:
    moto.configure(RATE_LIMITS="off")
    return build(moto, gateway, people)


def test_no_operation_breaks_over_an_id_longer_than_a_key(world) -> None:
    broken = []
    for operation in operations():
        for place, sent in _too_long(world, operation):
            answer = world.call(operation, **sent, **_somebody_who_may(world, operation))
            if answer.status >= 500 or (place.endswith("_id") and answer.status not in (400, 401, 404)):
                broken.append((operation.name, place, answer.status))

    assert broken == []


def _too_long(world: World, operation: Operation) -> Iterator[tuple[str, dict[str, Any]]]:
    for place, name in operation.parameters:
        if place == "path":
            # Of event names and people's ids some are as long as events may have them.
            yield from (
                (name.replace("person_id", "person"), {"ids": {name: quote(text, safe="")}}) for text in TOO_LONG
            )
        elif place == "query" and operation.method == "GET":
            yield f"?{name}=", {"query": f"{name}={TOO_LONG[0]}"}
    body = world.body(operation)
    if operation.content_type == "application/json" and isinstance(body, dict):
        yield from (
            (f"{name}:", {"body": body | {name: TOO_LONG[0]}}) for name, text in body.items() if isinstance(text, str)
        )


def test_a_range_at_the_edge_of_time_is_refused_wherever_there_is_one(world) -> None:
    ranged = [
        operation for operation in operations() if {("query", "from"), ("query", "to")} <= set(operation.parameters)
    ]
    answers = {
        (operation.name, query): world.call(operation, query=query, **_somebody_who_may(world, operation)).status
        for operation in ranged
        for query in BAD_RANGES
    }

    assert len(ranged) > 10
    assert {key: status for key, status in answers.items() if status != 400} == {}


def _somebody_who_may(world: World, operation: Operation) -> dict[str, Any]:
    if operation.access == {"scope": "events:write"}:
        return {"headers": {"X-API-Key": world.key}}
    return {"token": (world.operator if operation.is_for_operators else world.alice).token}


def test_every_time_that_comes_in_has_an_offset_and_lies_within_ours() -> None:
    """A time at the edge of time has no moment in UTC; one without an offset means another moment to everybody."""
    for module in walk_packages(functions.__path__, "functions."):
        if not module.name.endswith("handler"):
            import_module(module.name)
    shapes = [(shape, name, field) for shape in _below(In) for name, field in shape.model_fields.items()]
    times = {
        f"{shape.__name__}.{name}": TypeAdapter(Annotated[field.annotation, "", *field.metadata])
        for shape, name, field in shapes
        if "datetime" in str(field.annotation).lower()
    }
    accepted = sorted(f"{name}: {text}" for name, field in times.items() for text in BAD_TIMES if _takes(field, text))

    assert len(times) > 15
    assert accepted == ["MetricCreate.ts: 2026-11-01T09:30:00"], "a program's clock, which costs no point"


def _below(shape: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for subclass in shape.__subclasses__():
        yield subclass
        yield from _below(subclass)


def _takes(field: TypeAdapter[Any], text: str) -> bool:
    try:
        field.validate_python(text)
    except ValidationError:
        return False
    return True


def test_every_text_that_comes_in_is_bounded_by_its_description() -> None:
    unbounded = sorted(
        f"{method} {path} {name}"
        for path, item in document()["paths"].items()
        for method, operation in item.items()
        for name, schema in _texts(operation)
        if name not in NOT_LOOKED_FOR and _is_unbounded(schema)
    )

    assert unbounded == []


def _texts(operation: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from (
        (parameter["name"], parameter["schema"])
        for parameter in operation.get("parameters", ())
        if parameter["in"] != "header"
    )
    for content in operation.get("requestBody", {}).get("content", {}).values():
        yield from _properties(content.get("schema", {}), frozenset())


def _properties(schema: Any, above: frozenset[str]) -> Iterator[tuple[str, Any]]:
    match schema:
        case {"$ref": str(name)} if name not in above:
            yield from _properties(_resolved(schema), above | {name})
        case dict():
            yield from schema.get("properties", {}).items()
            for subschema in schema.values():
                yield from _properties(subschema, above)
        case list():
            for subschema in schema:
                yield from _properties(subschema, above)


def _is_unbounded(schema: Any) -> bool:
    schema = _resolved(schema)
    if "anyOf" in schema:
        return any(map(_is_unbounded, schema["anyOf"]))
    if schema.get("type") == "array":
        return _is_unbounded(schema.get("items", {}))
    return schema.get("type") == "string" and not BOUNDS & schema.keys()


def _resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema:
        schema = document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema
