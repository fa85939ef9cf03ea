"""A search engine with Brave's shapes and the web that it knows, on loopback."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from tests.receiver import Received, Receiver, Reply, receiver

KEY = "brave-key"


@dataclass
class Web:
    """`pages` by path; `found` are the paths that every query finds; `refuse` may answer for the engine."""

    peer: Receiver | None = None
    pages: dict[str, str | Reply] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)
    refuse: Callable[[str], Reply | None] = lambda _: None

    def add(self, path: str, html: str | Reply, title: str = "") -> None:
        self.pages[path] = html
        self.found.append(path)
        self.titles[path] = title

    @property
    def url(self) -> str:
        return self.peer.url

    @property
    def queries(self) -> list[str]:
        urls = [urlsplit(request.path) for request in self.peer.requests]
        return [parse_qs(url.query)["q"][0] for url in urls if url.path == "/res/v1/web/search"]

    def fetched(self, path: str) -> int:
        return sum(request.path == path for request in self.peer.requests)

    def answer(self, received: Received) -> Reply:
        url = urlsplit(received.path)
        if url.path == "/res/v1/web/search":
            return self._search(received, parse_qs(url.query)["q"][0])
        page = self.pages.get(url.path, Reply(404))
        html = {"content-type": "text/html; charset=utf-8"}
        return page if isinstance(page, Reply) else Reply(headers=html, body=page.encode())

    def _search(self, received: Received, q: str) -> Reply:
        if received.headers.get("x-subscription-token") != KEY:
            error = {"code": "SUBSCRIPTION_TOKEN_INVALID", "status": 422, "detail": "invalid"}
            return _json({"type": "ErrorResponse", "error": error}, 422)
        if refusal := self.refuse(q):
            return refusal
        results = [
            {
                "title": self.titles.get(path) or path,
                "url": path if "://" in path else f"{self.url}{path}",
                "description": "",
                "age": "2 days ago",
            }
            for path in self.found
        ]
        more = {"original": q, "more_results_available": False}
        return _json({"type": "search", "query": more, "web": {"type": "search", "results": results}})


def _json(content: object, status: int = 200) -> Reply:
    return Reply(status, {"content-type": "application/json"}, json.dumps(content).encode())


@contextmanager
def web() -> Iterator[Web]:
    made = Web()
    with receiver(made.answer) as peer:
        made.peer = peer
        yield made
