"""Nothing acknowledged is lost, however the emulator dies: a journal of effects, and snapshots that shorten it.

Runs in the emulator's own environment. By itself ministack saves on a clean stop only, and never its stream records.
In the state folder, generation N is `state.N/` (a snapshot, complete or absent) and `journal.N` (what came after it,
one line for the effects of each request, written before the answer). A start takes the newest snapshot and does again
what all later journals say. Lines are not synced to the disk: a power cut may cost the last seconds.
"""

import asyncio
import json
import os
import shutil
import time
import warnings
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from pathlib import Path
from typing import Any, BinaryIO

import ministack.app  # type: ignore[import-not-found]
from ministack.core import persistence  # type: ignore[import-not-found]

from infra.local.effects import Effects, release_messages, restore_streams, stream_state, trim_stream
from infra.local.generations import generation, newest

JOURNAL_LIMIT = 64 * 1024 * 1024
_STREAMS = "groundswell_streams"
# Actions that leave nothing to keep but what `Effects` notes.
_PASSING = (
    *("Get", "List", "Describe", "Query", "Scan", "BatchGet", "TransactGet", "Decrypt", "Encrypt", "Generate"),
    *("ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility"),
)

type _Message = MutableMapping[str, Any]
type _Receive = Callable[[], Awaitable[_Message]]
type _Send = Callable[[_Message], Awaitable[None]]


class Durable:
    """The emulator's ASGI app with a memory. Everything here happens on its one event loop."""

    def __init__(self, folder: Path) -> None:
        self._app = ministack.app.app
        self._folder = folder
        self._generation = newest(folder)
        self._effects = Effects()
        self._journal: BinaryIO
        self._saving: asyncio.Task[None] | None = None
        self._child = 0
        self._rested = 0.0
        self._changes = 0  # that no journal says
        self._saved = 0  # of these, in a whole snapshot
        self._replayed = False

    async def __call__(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, self._at_stop(receive), self._at_start(send))
        elif scope["type"] == "http" and scope["path"].startswith("/_groundswell/"):
            await self._command(scope["path"], receive, send)
        else:
            await self._app(scope, receive, self._journaled(scope, send))

    def _at_start(self, send: _Send) -> _Send:
        async def wrapped(message: _Message) -> None:
            if message["type"] == "lifespan.startup.complete":
                self._recover()
            await send(message)

        return wrapped

    def _at_stop(self, receive: _Receive) -> _Receive:
        async def wrapped() -> _Message:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                await self._save_now()
                ministack.app.PERSIST_STATE = False  # it would save once more, to where it started from
            return message

        return wrapped

    def _recover(self) -> None:
        for part in self._folder.glob("state.*.part"):  # of a process that was killed over it
            shutil.rmtree(part)
        streams = self._folder / f"state.{self._generation}" / f"{_STREAMS}.json"
        if streams.exists():
            content = json.loads(streams.read_bytes(), object_hook=persistence._json_object_hook)  # noqa: SLF001
            restore_streams(content["payload"])
        journals = sorted(self._folder.glob("journal.*"), key=generation)
        for journal in journals:
            if generation(journal) >= self._generation:
                for effects in _lines(journal):
                    self._effects.redo(effects)
                    self._replayed = True
        # Always a new one: the last line of an old one may have been cut off.
        self._generation = max([self._generation, *map(generation, journals)]) + 1
        self._open()
        self._effects.install()

    def _open(self) -> None:
        self._journal = (self._folder / f"journal.{self._generation}").open("ab", buffering=0)

    def _journaled(self, scope: _Message, send: _Send) -> _Send:
        async def wrapped(message: _Message) -> None:
            if message["type"] == "http.response.start":
                self._write(scope, message["status"])
            await send(message)

        return wrapped

    def _write(self, scope: _Message, status: int) -> None:
        target = dict(scope["headers"]).get(b"x-amz-target", b"").decode("latin-1")
        service, _, action = target.rpartition(".")
        if service == "AmazonSQS":
            self._effects.note_queues()
        effects = self._effects.take()
        if effects:
            self._journal.write(json.dumps(effects, default=persistence._json_default).encode() + b"\n")  # noqa: SLF001
        elif (
            scope["method"] not in {"GET", "HEAD"}
            and status < 300
            and not action.startswith(_PASSING)
            and not _is_about_object(scope)
        ):
            self._changes += 1  # of something else than items and messages
        if (self._is_unsaved or self._replayed or self._journal.tell() > JOURNAL_LIMIT) and self._saving is None:
            self._saving = asyncio.get_running_loop().create_task(self._save_aside())

    async def _save_aside(self) -> None:
        """A snapshot by a forked child, which sees the memory as it is now; meanwhile we go on, in a new journal."""
        # Changes come in bursts; and snapshots take a tenth of the time at most.
        await asyncio.sleep(max(1.0, self._rested - time.monotonic()))
        began, changes = time.monotonic(), self._changes
        self._next_generation()
        with warnings.catch_warnings(action="ignore"):  # of fork in a process with threads: the child takes no lock
            self._child = os.fork()
        if self._child == 0:
            os._exit(_succeeds(self._snapshot))
        _, status = await asyncio.to_thread(os.waitpid, self._child, 0)
        if status == 0:
            self._saved = changes
            self._forget_before(self._generation)
        now = time.monotonic()
        self._rested = now + 10 * (now - began)
        self._child, self._saving = 0, None

    async def _settle(self) -> None:
        """Wait for a snapshot under way; drop one that has not begun."""
        if self._saving is not None:
            if not self._child:
                self._saving.cancel()
            await asyncio.wait([self._saving])
            self._saving = None

    def _next_generation(self) -> None:
        self._replayed = False
        self._generation += 1
        self._journal.close()
        self._open()

    async def _save_now(self) -> None:
        await self._settle()
        self._next_generation()
        self._snapshot()
        self._saved = self._changes
        self._forget_before(self._generation)

    @property
    def _is_unsaved(self) -> bool:
        """Whether anything would be lost with this process: a snapshot under way may come to nothing."""
        return self._changes > self._saved

    def _snapshot(self) -> None:
        """Raises what goes wrong: a half-written one is never taken for whole. (ministack's own way would log it.)"""
        part = self._folder / f"state.{self._generation}.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        for name, get_state in (*ministack.app._build_persistence_save_dict().items(), (_STREAMS, stream_state)):  # noqa: SLF001
            state = get_state()
            if state is not None:
                content = {"__ministack_format__": persistence._state_format_version(name), "payload": state}  # noqa: SLF001
                # In one piece: `dump` takes four times as long, which stops and starts with much data wait for.
                (part / f"{name}.json").write_text(json.dumps(content, default=persistence._json_default))  # noqa: SLF001
        part.rename(self._folder / f"state.{self._generation}")

    def _forget_before(self, first: int) -> None:
        for path in (*self._folder.glob("state.*[0-9]"), *self._folder.glob("journal.*")):
            if generation(path) < first:
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    async def _command(self, path: str, receive: _Receive, send: _Send) -> None:
        """`/_groundswell/save` saves now, if there is what no journal says; `/_groundswell/trim` takes
        `{"table", "done"}` of a stream; `/_groundswell/release` gives back what consumers of an earlier start held."""
        if path.endswith("/trim"):
            trim_stream(**json.loads(await _body(receive)))
        elif path.endswith("/release"):
            release_messages()
        elif self._is_unsaved:
            await self._save_now()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})


def _succeeds(act: Callable[[], None]) -> int:
    try:
        act()
    except Exception:  # noqa: BLE001 the child must end here, whatever it is
        persistence.logger.exception("a snapshot failed: the journals stay")
        return 1
    return 0


def _lines(journal: Path) -> Iterable[Any]:
    """Every whole line; the last may have been cut off in writing, and then nobody was told it is done."""
    with journal.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                yield json.loads(line, object_hook=persistence._json_object_hook)  # noqa: SLF001


def _is_about_object(scope: _Message) -> bool:
    """S3's objects lie in files of their own, written before the answer: a snapshot would say nothing of them."""
    signed = dict(scope["headers"]).get(b"authorization", b"")
    return b"/s3/aws4_request" in signed and bool(scope["path"].strip("/").partition("/")[2])


async def _body(receive: _Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)
