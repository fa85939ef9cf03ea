"""Every operation of the API as its own description tells of it, and how to call it for real."""

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from infra.packaging.openapi import write_document

PUBLIC = Path(__file__).parent / "public_operations.txt"
PEOPLE_ONLY = Path(__file__).parent / "people_only_operations.txt"


@dataclass(frozen=True, eq=False)
class Operation:
    name: str
    method: str
    path: str
    access: Mapping[str, str]
    example: Any
    content_type: str
    parameters: tuple[tuple[str, str], ...]
    takes: Mapping[str, Any]
    """The body's schema."""
    gives: tuple[Mapping[str, Any], ...]
    """The schemas of its answers, refusals excepted."""

    @property
    def is_public(self) -> bool:
        return "public" in self.access

    @property
    def role(self) -> str | None:
        """The least role for the acting client; None where no client is acted for."""
        return self.access.get("role")

    @property
    def scope(self) -> str | None:
        """What an API key needs to get through; None where none does."""
        return self.access.get("scope")

    @property
    def is_read(self) -> bool:
        """For viewers, and without an effect."""
        return self.role == "viewer" and self.method == "GET"

    @property
    def is_for_operators(self) -> bool:
        """Of the platform: no tenant's admin may."""
        return self.access.get("organization_role") == "super_admin"

    @property
    def takes_client(self) -> bool:
        return self.role is not None

    def at(self, ids: Mapping[str, str]) -> str:
        """The path as `Gateway` takes it, with real ids. Raises KeyError for a parameter nobody made a thing for."""
        path = self.path.format_map(ids)
        return path.removeprefix("/api/v1") if path.startswith("/api/v1/") else "=" + path

    def body(self) -> Any:
        return copy.deepcopy(self.example)


@cache
def document() -> dict[str, Any]:
    # Made by a process of its own, as packaging does it: handlers imported here would miss their environment.
    with TemporaryDirectory() as folder:
        path = Path(folder) / "openapi.json"
        write_document(path)
        return json.loads(path.read_text())


@cache
def operations() -> tuple[Operation, ...]:
    return tuple(_operations(document()))


def properties(schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(name, schema) of every property, at any depth."""
    yield from _properties(schema, frozenset())


def _properties(schema: Any, above: frozenset[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    match schema:
        case {"$ref": str(reference)}:
            name = reference.rpartition("/")[2]
            if name not in above:
                yield from _properties(document()["components"]["schemas"][name], above | {name})
        case dict():
            yield from schema.get("properties", {}).items()
            for subschema in schema.values():
                yield from _properties(subschema, above)
        case list():
            for subschema in schema:
                yield from _properties(subschema, above)


def _operations(described: Mapping[str, Any]) -> Iterator[Operation]:
    for path, item in described["paths"].items():
        for method, operation in item.items():
            content = operation.get("requestBody", {}).get("content", {})
            kind = "application/json" if "application/json" in content else next(iter(content), "application/json")
            yield Operation(
                name=operation["operationId"],
                method=method.upper(),
                path=path,
                access=operation["x-access"],
                example=content.get(kind, {}).get("example"),
                content_type=kind,
                parameters=tuple((parameter["in"], parameter["name"]) for parameter in operation.get("parameters", ())),
                takes=content.get(kind, {}).get("schema", {}),
                gives=tuple(_answers(operation["responses"])),
            )


def _answers(responses: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for status, response in responses.items():
        if int(status) < 400:
            yield from (content["schema"] for content in response.get("content", {}).values() if "schema" in content)


def names_in(file: Path) -> set[str]:
    lines = (line.split("#")[0].split() for line in file.read_text().splitlines())
    return {words[0] for words in lines if words}
