"""ETag and If-Match (RFC 9110 §8.8, §13): the strong tag is the version number."""

from typing import Annotated

from fastapi import Depends, Header, Response

from groundswell.kernel.errors import Invalid, PreconditionFailed


async def _expected_version(
    if_match: Annotated[str | None, Header(description='The version you read: `"3"`', max_length=64)] = None,
) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    tag = if_match.strip()
    if tag.startswith("W/"):
        raise PreconditionFailed  # §13.1.1: a weak tag never matches strongly
    if not (tag.startswith('"') and tag.endswith('"') and tag[1:-1].isascii() and tag[1:-1].isdigit()):
        raise Invalid.on("If-Match", 'an ETag that this resource answered with, such as "3"', "format")
    return int(tag[1:-1])


IfMatch = Annotated[int | None, Depends(_expected_version)]
"""The version the caller read, or None when it did not say."""


def tag(response: Response, version: int) -> None:
    response.headers["etag"] = f'"{version}"'
