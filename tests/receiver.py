"""A web server on loopback that behaves as a test says: answers, fails, stalls, redirects, drips."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread


@dataclass(frozen=True)
class Received:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Reply:
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"thanks"
    stall: bool = False
    hangs_up: bool = False
    """Closes the connection without an answer."""
    drip: bool = False
    """One byte at a time, without an end."""


@dataclass
class Receiver:
    """`reply` decides on each request as it comes in."""

    reply: Callable[[Received], Reply]
    port: int = 0
    requests: list[Received] = field(default_factory=list)
    closing: Event = field(default_factory=Event)

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.place}"


@contextmanager
def receiver(reply: Callable[[Received], Reply] = lambda _: Reply(), port: int = 0) -> Iterator[Receiver]:
    """At that port of loopback, or at a free one."""
    made = Receiver(reply)
    server = ThreadingHTTPServer(("127.0.0.1", port), _handler(made))
    made.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield made
    finally:
        made.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(owner: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            received = Received(self.command, self.path, headers, body)
            owner.requests.append(received)
            reply = owner.reply(received)
            if reply.stall:
                owner.closing.wait(30)
                return
            if reply.hangs_up:
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", "1000000" if reply.drip else str(len(reply.body)))
            self.end_headers()
            self._drip() if reply.drip else self.wfile.write(reply.body)

        def _drip(self) -> None:
            try:
                while not owner.closing.is_set():
                    self.wfile.write(b".")
                    self.wfile.flush()
                    time.sleep(0.02)
            except OSError:
                self.close_connection = True

        do_GET = do_POST = do_HEAD = do_PUT = do_DELETE = do_OPTIONS = _answer  # noqa: N815 - the base class's names

        def log_message(self, *_: object) -> None:
            pass

    return Handler
