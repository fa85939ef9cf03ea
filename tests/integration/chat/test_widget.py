"""The visitor's script on a client's site, in a real Chromium."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

import pytest

from tests.gateway import Gateway
from tests.npm_peers import FOLDER, install
from tests.receiver import Received, Reply, receiver

type Step = Callable[..., dict[str, Any]]
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Shop</title><main><h1>Shop</h1></main>
<script src="{api}/api/v1/chat/widget.js" data-client="{client}" data-title="Ask us" async></script></html>"""


@contextmanager
def api(gateway: Gateway) -> Iterator[str]:
    """One request at a time, as functions share a process: news are waited for a second, so others have a turn."""
    alone = Lock()

    def answer(received: Received) -> Reply:
        path = received.path.replace("wait=10", "wait=1")
        with alone:
            response = gateway.call(received.method, f"={path}", received.body, headers=received.headers)
        return Reply(
            response.status, {k: v for k, v in response.headers.items() if k != "content-length"}, response.body
        )

    with receiver(answer) as server:
        yield server.url


@contextmanager
def visit(page: str) -> Iterator[Step]:
    install()
    command = ["node", str(FOLDER / "widget.mjs"), page]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout

        def step(**what: Any) -> dict[str, Any]:
            assert process.stdin
            assert process.stdout
            process.stdin.write(json.dumps(what) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
            assert line, what
            return json.loads(line)

        try:
            yield step
        finally:
            process.stdin.close()
            process.wait(60)


@pytest.mark.browser
def test_a_visitor_writes_hears_an_agent_and_finds_the_conversation_again(ada, gateway):
    with api(gateway) as host, receiver() as site:
        assert ada.put(f"/clients/{ada.client_id}", {"allowed_origins": [site.url]}).status == 200
        site.reply = lambda _: Reply(
            200, {"content-type": "text/html"}, _PAGE.format(api=host, client=ada.client_id).encode()
        )
        with visit(site.url) as step:
            written = "<img src=x onerror=alert(1)> Where is my order?"
            assert step(say=written)["shown"] == [written]
            (thread,) = ada.get("/chat/threads").data
            ada.post("/chat/send", {"message": "On its way", "thread_id": thread["id"]})
            assert step(hear="On its way")["shown"] == [written, "On its way"]
            assert step(reload=True)["shown"] == [written, "On its way"]
            step(say="Thanks")
            assert step(look=True) == {"shown": [written, "On its way", "Thanks"], "broken": []}

    assert [message["role"] for message in ada.get(f"/chat/history?thread_id={thread['id']}").data] == [
        "user",
        "agent",
        "user",
    ]
