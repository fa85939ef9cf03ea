"""botocore's descriptions of AWS, less what no function reads: every client parses them in each cold start."""

import gzip
import json
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

_READ_WITH_PROSE = "clientContextParams"  # botocore insists on the prose of these few: S3 has them

OPERATIONS = {
    "dynamodb": frozenset(
        {
            *("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "BatchGetItem", "BatchWriteItem"),
            *("TransactGetItems", "TransactWriteItems", "DescribeTable", "DescribeEndpoints"),
        }
    )
}
"""Those of a service of which clients have any. Most of DynamoDB's are about tables and backups; the last here is what
botocore finds endpoints by."""


def slim(data: Path, services: Iterable[str]) -> None:
    """Keep below `botocore/data` what clients of these services read: their models without prose, their endpoints.

    Of the 44 ms that the first client costs, endpoints.json takes 20, for 300 services, and DynamoDB's model 9.
    """
    prefixes = set()
    for service in services:
        for model in (data / service).glob("*/service-2.json.gz"):
            whole = json.loads(gzip.decompress(model.read_bytes()))
            described = _only(_without_prose(whole), OPERATIONS.get(service))
            if _READ_WITH_PROSE in whole:
                described[_READ_WITH_PROSE] = whole[_READ_WITH_PROSE]
            prefixes.add(described["metadata"]["endpointPrefix"])
            _replace(model, gzip.compress(_text(described), mtime=0))
    endpoints = data / "endpoints.json"
    known = json.loads(endpoints.read_bytes())
    for partition in known["partitions"]:
        partition["services"] = {name: service for name, service in partition["services"].items() if name in prefixes}
    _replace(endpoints, _text(known))


def _only(model: dict[str, Any], operations: Collection[str] | None) -> dict[str, Any]:
    """The model with these operations, and the shapes that they need."""
    if operations is None:
        return model
    kept = {name: operation for name, operation in model["operations"].items() if name in operations}
    needed, waiting = set[str](), _shapes(kept)
    while new := waiting - needed:
        needed |= new
        waiting = _shapes([model["shapes"][name] for name in new])
    return {**model, "operations": kept, "shapes": {name: model["shapes"][name] for name in sorted(needed)}}


def _shapes(value: Any) -> set[str]:
    """The names of those that it refers to."""
    match value:
        case dict():
            named = {shape for key, shape in value.items() if key == "shape" and isinstance(shape, str)}
            return named.union(*map(_shapes, value.values()))
        case list():
            return set[str]().union(*map(_shapes, value))
        case _:
            return set()


def _replace(path: Path, content: bytes) -> None:
    """As a new file: uv installs hard links, and writing through one would change its cache and every environment."""
    path.unlink()
    path.write_bytes(content)


def _without_prose(value: Any) -> Any:
    match value:
        case dict():
            return {
                key: _without_prose(member)
                for key, member in value.items()
                # A shape may have a member of that name; prose is text.
                if not (key == "documentation" and isinstance(member, str))
            }
        case list():
            return [_without_prose(element) for element in value]
        case _:
            return value


def _text(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
