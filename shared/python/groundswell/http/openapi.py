"""The API's description: each function describes itself, and one document is merged from all of them."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts

from groundswell.http.base_path import CANONICAL
from groundswell.http.operation import REFUSALS
from groundswell.http.principal import API_KEY, REQUIREMENTS
from groundswell.http.problem import MEDIA_TYPE
from groundswell.kernel.version import VERSION

DESCRIPTION = (
    "Every path also answers under `/api` and under `/`. A trailing slash is accepted. Success is "
    "`{status_code, message, data}`, a refusal is `application/problem+json` (RFC 9457)."
)
_KEY = r"^[\x21\x23-\x7e]{1,255}$"
_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_PROBLEM_SCHEMA = {
    "title": "Problem",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "status_code", "message", "success", "error"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "status_code": {"type": "integer"},
        "message": {"type": "string"},
        "success": {"const": False},
        "error": {
            "type": "object",
            "required": ["code", "message", "details", "requestId"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "field": {"type": "string"},
                "details": {"type": "object"},
                "requestId": {"type": "string"},
            },
        },
    },
}


def describe(app: FastAPI) -> dict[str, Any]:
    """One function's OpenAPI 3.1 document, under the canonical spelling, without FastAPI's 422."""
    document = get_openapi(title=app.title, version=VERSION, description=DESCRIPTION, routes=app.routes)
    for context in iter_route_contexts(app.routes):
        _say_who(document.get("paths", {}), context)
    document["paths"] = {CANONICAL + path: item for path, item in document.get("paths", {}).items()}
    if describe_webhooks := getattr(app.state, "describe_webhooks", None):
        document["webhooks"] = describe_webhooks()
    return _finished(document)


def describe_by_hand(paths: dict[str, Any]) -> dict[str, Any]:
    """The document of a function without FastAPI, from full paths."""
    schemes = {
        "HTTPBearer": {"type": "http", "scheme": "bearer"},
        "HTTPBasic": {"type": "http", "scheme": "basic", "description": "The API key as user name, no password"},
        "APIKeyHeader": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    }
    return _finished({"paths": paths, "components": {"securitySchemes": schemes}})


def _say_repeats(operation: dict[str, Any]) -> None:
    """What `http.route.Route` does for every POST."""
    schema = {"type": "string", "maxLength": 255, "pattern": _KEY}
    description = "A repeat with the same key has no second effect and gets the first answer, for 24 hours"
    key = {"name": "Idempotency-Key", "in": "header", "required": False, "description": description, "schema": schema}
    operation["parameters"] = [*operation.get("parameters", []), key]
    for status in (409, 422):
        if "HTTPValidationError" in str(operation["responses"].get(str(status))):
            del operation["responses"][str(status)]
        operation["responses"].setdefault(str(status), {"description": REFUSALS[status]})


def _finished(document: dict[str, Any]) -> dict[str, Any]:
    document["paths"] = {path: _item(path, item) for path, item in document["paths"].items()}
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = _PROBLEM_SCHEMA
    return document


def _say_who(paths: dict[str, Any], route: Any) -> None:
    """`x-access`: what the route's dependencies ask of the caller."""
    for method in route.methods or ():
        operation = paths.get(route.path_format, {}).get(method.lower())
        if operation is not None:
            operation["x-access"] = _requirement(route.dependant) or {"public": "true"}
            _say_keys(operation)
            _say_more(operation)
            _say_nulls(operation, route.openapi_extra or {})
            operation["responses"].setdefault("503", {"description": REFUSALS[503]})
            if method in ("POST", "PATCH") and "oauth" not in operation.get("x-errors", ""):
                _say_repeats(operation)


def _say_keys(operation: dict[str, Any]) -> None:
    """Whether API keys get through, and with which scope."""
    scopes = operation.get("x-required-scopes", [])
    requirements = (_with_scopes(requirement, scopes) for requirement in operation.get("security", []))
    security = [requirement for requirement in requirements if requirement]
    operation["security"] = security  # none is said, too: the operation is public
    if scopes:
        operation["x-access"] = {**operation["x-access"], "scope": scopes[0]}
        operation["responses"].setdefault("403", {"description": REFUSALS[403]})


def _say_nulls(operation: dict[str, Any], extra: Mapping[str, Any]) -> None:
    """Examples as they are declared: FastAPI leaves out what is null, and an answer does not."""
    described = {"body": operation.get("requestBody", {}), **operation["responses"]}
    declared = {"body": extra.get("requestBody", {}), **extra.get("responses", {})}
    for name, declaration in declared.items():
        for kind, media in declaration.get("content", {}).items():
            if "example" in media:
                described[name]["content"][kind]["example"] = media["example"]


def _say_more(operation: dict[str, Any]) -> None:
    """What holds for a kind of operation: a body that must be JSON, an organization that must be there."""
    if "requestBody" in operation and "oauth" not in operation.get("x-errors", ""):
        operation["responses"].setdefault("415", {"description": REFUSALS[415]})
    if "organization_role" in operation["x-access"]:
        operation["responses"].setdefault("404", {"description": REFUSALS[404]})


def _with_scopes(requirement: dict[str, list[str]], scopes: list[str]) -> dict[str, list[str]]:
    """Scopes are of keys. Where none is named, a key is no way in."""
    known = {name: scopes if name == API_KEY else [] for name in requirement}
    return known if scopes else {name: [] for name in known if name != API_KEY}


def _requirement(dependant: Any) -> dict[str, str]:
    """The dependency that asks most: a role builds on the sign-in, which a limit per user asks for as well."""
    requirements = [
        REQUIREMENTS.get(dependency.call) or _requirement(dependency) for dependency in dependant.dependencies
    ]
    return max(requirements, key=_strictness, default={})


def _strictness(requirement: dict[str, str]) -> int:
    return 2 if requirement.keys() - {"signed_in"} else len(requirement)


def _item(path: str, item: dict[str, Any]) -> dict[str, Any]:
    for operation in item.values():
        if "{client_id}" in path:  # it names the client already: no second way to
            parameters = [parameter for parameter in operation.get("parameters", []) if not _names_client(parameter)]
            operation["parameters"] = _with_path(path, parameters)
        responses = operation.get("responses", {})
        if "HTTPValidationError" in str(responses.get("422")):
            del responses["422"]
        for status, response in responses.items():
            if int(status) >= 400:
                response.setdefault("content", {MEDIA_TYPE: {"schema": _PROBLEM}})
    return item


def _with_path(path: str, parameters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """With those of the path that only a dependency reads: FastAPI does not know of them."""
    named = {parameter["name"] for parameter in parameters if parameter["in"] == "path"}
    missing = [name for name in re.findall(r"{(\w+)}", path) if name not in named]
    parameter: dict[str, Any] = {"in": "path", "required": True, "schema": {"type": "string", "maxLength": 64}}
    return [{"name": name, **parameter} for name in missing] + parameters


def _names_client(parameter: dict[str, Any]) -> bool:
    return parameter["in"] != "path" and parameter["name"].lower() in ("client_id", "x-client-id")


def merge(documents: Iterable[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    """One document of all (function name, document) pairs. A schema name that means two things is prefixed."""
    merged: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "Groundswell", "version": VERSION, "description": DESCRIPTION},
        "paths": {},
        "components": {"schemas": {}, "securitySchemes": {}},
    }
    for function, document in documents:
        renamed = _namespaced(function, document, merged["components"]["schemas"])
        for path, item in renamed["paths"].items():
            merged["paths"].setdefault(path, {}).update(item)
        if "webhooks" in renamed:
            merged["webhooks"] = renamed["webhooks"]
        for kind, entries in renamed.get("components", {}).items():
            for name, entry in entries.items():
                merged["components"].setdefault(kind, {}).setdefault(name, entry)
    merged["paths"] = dict(sorted(merged["paths"].items()))
    return merged


def _namespaced(function: str, document: dict[str, Any], existing: dict[str, Any]) -> dict[str, Any]:
    """The document with clashing schema names prefixed by the function's name."""
    schemas = document.get("components", {}).get("schemas", {})
    clashes = _clashes(schemas, existing)
    if not clashes:
        return document
    prefix = "".join(part.title() for part in re.split(r"[_-]", function))
    names = {name: f"{prefix}{name}" if name in clashes else name for name in schemas}
    renamed: dict[str, Any] = _renamed(document, {f"#/components/schemas/{old}": new for old, new in names.items()})
    renamed["components"]["schemas"] = {
        names[name]: schema for name, schema in renamed["components"]["schemas"].items()
    }
    return renamed


def _clashes(schemas: dict[str, Any], existing: dict[str, Any]) -> set[str]:
    """Names that mean something else already, and those whose meaning changes because they refer to such a name."""
    clashes = {name for name, schema in schemas.items() if name in existing and existing[name] != schema}
    while True:
        references = {f"'#/components/schemas/{name}'" for name in clashes}
        more = {
            name
            for name in existing.keys() & schemas
            if any(reference in str(schemas[name]) for reference in references)
        }
        if more <= clashes:
            return clashes
        clashes |= more


def _renamed(value: Any, references: dict[str, str]) -> Any:
    match value:
        case {"$ref": str(reference)} if reference in references:
            return {**value, "$ref": f"#/components/schemas/{references[reference]}"}
        case dict():
            return {key: _renamed(member, references) for key, member in value.items()}
        case list():
            return [_renamed(element, references) for element in value]
        case _:
            return value
