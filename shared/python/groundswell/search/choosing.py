"""Which of the pages that were found are read."""

from collections.abc import Sequence
from itertools import zip_longest

from groundswell.search.snippets import Hit, host_of
from groundswell.search.wordlists import words

PAGES_AT_MOST = 40
_OF_ONE_HOST = 4
_CLOSED = words("closed_hosts")
"""Networks that let no robot read: their answers in the search engine are all there is."""
_UNREADABLE = (".pdf", ".doc", ".docx", ".ppt", ".pptx", ".xls", ".xlsx", ".zip", ".jpg", ".png", ".gif", ".mp4")


def urls_of(answers: Sequence[Sequence[Hit]]) -> list[str]:
    """The first of each query, then the second, and so on; each page once. Many of one host come after all others."""
    chosen: dict[str, None] = {}
    later: dict[str, None] = {}
    hosts: dict[str, int] = {}
    for hit in (hit for row in zip_longest(*answers) for hit in row if hit):
        host = host_of(hit.url)
        if hit.url in chosen or hit.url in later or not _is_readable(hit.url, host):
            continue
        hosts[host] = hosts.get(host, 0) + 1
        (chosen if hosts[host] <= _OF_ONE_HOST else later)[hit.url] = None
    return [*chosen, *later][:PAGES_AT_MOST]


def _is_readable(url: str, host: str) -> bool:
    closed = any(host == domain or host.endswith(f".{domain}") for domain in _CLOSED)
    path = url.partition("?")[0].lower()
    return bool(host) and not closed and not path.endswith(_UNREADABLE)
