"""The ways in which platforms page."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from groundswell.integrations.platform import At, Next
from groundswell.integrations.problems import extract

_SECRETS = frozenset({"access_token", "appsecret_proof"})


def cursor_at(expression: str) -> Next:
    """The answer names the next page's cursor; nothing, or an empty one, ends."""

    def following(content: Any, headers: Mapping[str, str], at: At) -> str | None:
        value = extract(expression, content)
        return str(value) if value not in (None, "", False) else None

    return following


def url_at(expression: str) -> Next:
    """The answer names the next page's URL. Only its path is followed, on the host that was asked; tokens in it are
    left out, as they are no cursor and must not be kept."""

    def following(content: Any, headers: Mapping[str, str], at: At) -> str | None:
        value = extract(expression, content)
        return path_of(value) if isinstance(value, str) and value else None

    return following


def path_of(url: str) -> str:
    parts = urlsplit(url)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in _SECRETS]
    return parts.path + (f"?{urlencode(query)}" if query else "")


def last_id(items: str, more: str, key: str = "id") -> Next:
    """The next page begins after the last record of this one."""

    def following(content: Any, headers: Mapping[str, str], at: At) -> str | None:
        records = extract(items, content) or []
        return str(records[-1][key]) if records and extract(more, content) else None

    return following


def page_number(pages: str) -> Next:
    """Pages are numbered from 1; the answer says how many there are."""

    def following(content: Any, headers: Mapping[str, str], at: At) -> str | None:
        page = int(at.cursor or 1)
        return str(page + 1) if page < int(extract(pages, content) or 0) else None

    return following


def page_header(header: str) -> Next:
    """Pages are numbered from 1; a header says how many there are."""

    def following(content: Any, headers: Mapping[str, str], at: At) -> str | None:
        page, text = int(at.cursor or 1), headers.get(header, "")
        return str(page + 1) if text.isdecimal() and page < int(text) else None

    return following


def offset(items: str, total: str) -> Next:
    """Records are numbered from 0; the answer says how many there are."""

    def following(content: Any, headers: Mapping[str, str], at: At) -> str | None:
        count = len(extract(items, content) or [])
        reached = int(at.cursor or 0) + count
        return str(reached) if count and reached < int(extract(total, content) or 0) else None

    return following
