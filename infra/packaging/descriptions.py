"""botocore's descriptions of AWS, less what no function reads: every client parses them in each cold start."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_READ_WITH_PROSE = "clientContextParams"  # botocore insists on the prose of these few: S3 has them


def slim(data: Path, services: Iterable[str]) -> None:
    """Keep below `botocore/data` what clients of these services read: their models without prose, their endpoints.

    Of the 44 ms that the first client costs, endpoints.json takes 20, for 300 services, and DynamoDB's model 9.
    """
    prefixes = set()
    for service in services:
        for model in (data / service).glob("*/service-2.json.gz"):
            whole = json.loads(gzip.decompress(model.read_bytes()))
            described = _without_prose(whole)
            if _READ_WITH_PROSE in whole:
                described[_READ_WITH_PROSE] = whole[_READ_WITH_PROSE]
            prefixes.add(described["metadata"]["endpointPrefix"])
            _replace(model, gzip.compress(_text(described), mtime=0))
    endpoints = data / "endpoints.json"
    known = json.loads(endpoints.read_bytes())
    for partition in known["partitions"]:
        partition["services"] = {name: each for name, each in partition["services"].items() if name in prefixes}
    _replace(endpoints, _text(known))


def _replace(path: Path, content: bytes) -> None:
    """As a new file: uv installs hard links, and writing through one would change its cache and every environment."""
    path.unlink()
    path.write_bytes(content)


def _without_prose(value: Any) -> Any:
    match value:
        case dict():
            return {
                key: _without_prose(each)
                for key, each in value.items()
                # A shape may have a member of that name; prose is text.
                if not (key == "documentation" and isinstance(each, str))
            }
        case list():
            return [_without_prose(each) for each in value]
        case _:
            return value


def _text(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
