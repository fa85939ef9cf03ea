"""The ingest function on loopback for real SDKs, with answers that get lost, and what the readers make of it."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

from groundswell.analytics.questions.model import Filter
from groundswell.analytics.questions.service import AnalyticsService
from groundswell.events.eventlog.block import Block
from groundswell.events.eventlog.model import Event, Log
from groundswell.events.eventlog.window import Window
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.deduplication import Incoming
from tests.fakes.ingest import Api, payload

LOG = Log("client", "0")
CORS = {"access-control-allow-origin": "*"}
"""Of a gateway that answers without asking the function: a browser must be able to read a 429."""


def now() -> datetime:
    return datetime.now(UTC)


class Bridge:
    """A loopback server in front of the ingest function. `trouble` answers 503 or 429 before or after the work."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.random = random.Random(1)
        self.trouble = 0.0
        self.statuses: Counter[int] = Counter()
        self._lock = Lock()

    def answer(self, event: dict) -> dict:
        with self._lock:
            http = event["requestContext"]["http"]
            lost = http["method"] == "POST" and self.random.random() < self.trouble
            if lost and self.random.random() < 0.5:
                return {"statusCode": 429, "headers": {"retry-after": "0", **CORS}, "body": "{}"}
            reply = self.api.raw(event)
            if lost:
                return {"statusCode": 503, "headers": CORS, "body": "{}"}
            return reply

    @contextmanager
    def serving(self) -> Iterator[str]:
        bridge = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                reply = bridge.answer(payload(self.command, self.path, dict(self.headers), body))
                bridge.statuses[reply["statusCode"]] += 1
                self.send_response(reply["statusCode"])
                for name, value in reply["headers"].items():
                    self.send_header(name, value)
                content = reply["body"].encode()
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def do_GET(self) -> None:
                self.do_POST()

            def do_OPTIONS(self) -> None:
                self.do_POST()

            def log_message(self, *_arguments: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def readers(store):
    """What they say once the stream's consumer has had every block, twice and in any order."""
    blocks = [Incoming(sk, Block(data)) for sk, data in store.blocks_between(LOG, "B#", "C")]
    random.Random(2).shuffle(blocks)
    committer = Committer(store, now)
    for at in range(0, len(blocks), 10):
        committer.commit(LOG, blocks[at : at + 10])
    if blocks:
        committer.commit(LOG, blocks)
    return AnalyticsService(store, now)


def shown(store) -> list[Event]:
    """What readers show, of all times."""
    service, whole, events, position = readers(store), Window(0, 2**43), list[Event](), None
    while True:
        page = service.events("client", Filter(whole), 1000, position)
        events += [seen_event.event for seen_event in page.items]
        if page.next is None:
            return events
        position = page.next


def counted(store) -> list[str]:
    """The ids that readers show, of all times."""
    return [event.id for event in shown(store)]


def stored(store) -> list[Event]:
    """What was appended, with duplicates."""
    return [event for _, data in store.blocks_between(LOG, "B#", "C") for event in Block(data).events]
