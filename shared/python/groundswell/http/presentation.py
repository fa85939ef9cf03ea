"""The merged description as strangers read it: schemas named for what they are, no two titles alike, a server, tags."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_PREFIX = "#/components/schemas/"
_QUALIFIED = re.compile(r"^(?P<prefix>\w*?)functions__(?P<path>\w+?)__(?P<name>[A-Za-z0-9]+)$")
_GENERIC = re.compile(r"^(?P<prefix>\w*?)(?P<outer>Envelope|Listed|Counted)_(?P<inner>\w+)_$")
_SUFFIXES = {"Envelope": "Answer", "Listed": "Page", "Counted": "CountedPage"}
_METHODS = ("get", "post", "put", "patch", "delete")


def presentable(document: dict[str, Any]) -> dict[str, Any]:
    """Raises ValueError where two schemas would have one name."""
    schemas = document["components"]["schemas"]
    names = {name: stranger_name(name) for name in schemas}
    if len(set(names.values())) < len(names):
        raise ValueError(f"schemas of one name: {sorted(names)}")
    renamed: dict[str, Any] = _renamed(document, {_PREFIX + old: _PREFIX + new for old, new in names.items()})
    renamed["components"]["schemas"] = {
        names[old]: {**_untitled(schema), "title": names[old]}
        for old, schema in renamed["components"]["schemas"].items()
    }
    operations = list(_operations(renamed))
    for operation in operations:
        _tell_apart(operation)
    renamed["tags"] = [
        {"name": name} for name in sorted({tag for operation in operations for tag in operation.get("tags", ())})
    ]
    renamed["servers"] = [{"url": "/", "description": "Where this document is found"}]
    renamed["info"]["contact"] = {"name": "Groundswell", "url": "https://groundswell.dev"}
    return renamed


def stranger_name(name: str) -> str:
    """Without Python's modules and brackets: `Listed_ClientOut_` is `ClientOutPage`, and of two `CohortOut` the one of
    `functions/analytics/cohorts` is `CohortsCohortOut`."""
    if generic := _GENERIC.match(name):
        return f"{generic['prefix']}{stranger_name(generic['inner'].strip('_'))}{_SUFFIXES[generic['outer']]}"
    if name.startswith("Union_"):  # of two shapes, by which an operation answers
        return "Or".join(stranger_name(part) for part in name.removeprefix("Union_").strip("_").split("__"))
    if qualified := _QUALIFIED.match(name):
        feature = qualified["path"].split("__")[-2]
        return f"{qualified['prefix']}{feature.title().replace('_', '')}{qualified['name']}"
    if name.startswith("list_"):
        return stranger_name(name.removeprefix("list_").strip("_")) + "List"
    return name


def _tell_apart(operation: dict[str, Any]) -> None:
    """Another spelling of an operation has its summary, and the end of its own name."""
    if "x-alias-of" in operation:
        operation["summary"] = f"{operation['summary']} ({operation['operationId'].rpartition('.')[2]})"
    for parameter in operation.get("parameters", ()):
        parameter["schema"] = _untitled(parameter["schema"])


def _operations(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for item in document["paths"].values():
        yield from (item[method] for method in _METHODS if method in item)


def _untitled(schema: Any) -> Any:
    """Without the titles that pydantic makes of the names of members: they say the same twice."""
    match schema:
        case dict():
            kept = {key: value for key, value in schema.items() if not (key == "title" and isinstance(value, str))}
            members = {"properties": {name: _untitled(member) for name, member in kept.get("properties", {}).items()}}
            rest = {key: _untitled(value) for key, value in kept.items() if key not in ("properties", "example")}
            return {**kept, **rest, **(members if "properties" in kept else {})}
        case list():
            return list(map(_untitled, schema))
        case _:
            return schema


def _renamed(value: Any, references: Mapping[str, str]) -> Any:
    """References stand in `$ref` and in the `mapping` of discriminators."""
    match value:
        case str():
            return references.get(value, value)
        case dict():
            return {key: _renamed(member, references) for key, member in value.items()}
        case list():
            return [_renamed(element, references) for element in value]
        case _:
            return value
