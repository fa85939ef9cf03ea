"""ETag and If-Match (RFC 9110 §8.8, §13): the strong tag is the version number, and what else the answer shows.

Some of what is shown changes without a new version, such as the last sign-in. It is in the tag, so that no cache keeps
what is not true any more; a change overwrites none of it, so `If-Match` asks for the version alone.
"""

import re
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Header, Response

from groundswell.kernel.clock import millis
from groundswell.kernel.errors import Invalid, PreconditionFailed

_TAG = re.compile(r'"([0-9]{1,19})(?:-[0-9a-f]{1,16})?"')


async def _expected_version(
    if_match: Annotated[str | None, Header(description='The version you read: `"3"`', max_length=64)] = None,
) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    tag = if_match.strip()
    if tag.startswith("W/"):
        raise PreconditionFailed  # §13.1.1: a weak tag never matches strongly
    match = _TAG.fullmatch(tag)
    if match is None:
        raise Invalid.on("If-Match", 'an ETag that this resource answered with, such as "3"', "format")
    return int(match[1])


IfMatch = Annotated[int | None, Depends(_expected_version)]
"""The version the caller read, or None when it did not say."""


def tag(response: Response, version: int, seen: datetime | int | None = None) -> None:
    """`seen` is what the answer shows beside what the version counts: a time, or the version of something else."""
    also = millis(seen) if isinstance(seen, datetime) else seen
    response.headers["etag"] = f'"{version}"' if also is None else f'"{version}-{also:x}"'
