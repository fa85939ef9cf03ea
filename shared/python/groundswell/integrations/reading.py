"""Reading one page of a stream."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from groundswell.integrations.addressing import Places, addressed, followed, is_foreign, origin
from groundswell.integrations.platform import Accounts, At, Call, Platform, Steps, Stream
from groundswell.integrations.problems import Problem, Reply, extract, problem_of

POLL_SECONDS = 10.0
"""Between two looks at a report that is being made."""


class Http(Protocol):
    async def send(self, client_id: str, platform: str, url: str, call: Call, *, foreign: bool) -> Reply:
        """The answer, whatever its status. `foreign` hosts are reached at public addresses only. Raises Problem."""
        ...


@dataclass(frozen=True)
class Page:
    """`cursor` is the next one's, None at the end. `handle` is a report that is still being made."""

    records: Sequence[Any] = ()
    cursor: str | None = None
    handle: str | None = None


class Reader:
    """Reads for one client's connection to a platform."""

    def __init__(self, http: Http, client_id: str, platform: Platform, places: Places) -> None:
        self._http = http
        self._client_id = client_id
        self._platform = platform
        self._places = places

    async def page(self, stream: Stream, at: At, handle: str | None = None) -> Page:
        """Raises Problem."""
        if stream.steps:
            return await self._step(stream, stream.steps, at, handle)
        return await self._list(stream, at)

    async def accounts(self, accounts: Accounts, at: At) -> Sequence[Any]:
        """All of them: of up to 50 pages. Raises Problem."""
        every: list[Any] = []
        for _ in range(50):
            page = await self._list(accounts, at)
            every += page.records
            if page.cursor is None or page.cursor == at.cursor:
                break
            at = replace(at, cursor=page.cursor)
        return every

    async def send(self, call: Call, at: At) -> Reply:
        """One call that is none of a stream's. Raises Problem."""
        url, signed = addressed(self._platform, call, at.credentials, self._places)
        return await self._send(url, signed)

    async def _list(self, stream: Stream | Accounts, at: At) -> Page:
        if stream.follows and at.cursor:
            call = stream.ask(replace(at, cursor=None))
            url, signed = followed(self._platform, at.cursor, call, at.credentials, self._places)
        else:
            url, signed = addressed(self._platform, stream.ask(at), at.credentials, self._places)
        reply = await self._send(url, signed)
        content = reply.json()
        try:
            records = stream.items(content, at) if callable(stream.items) else extract(stream.items, content)
            cursor = stream.next(content, reply.headers, at) if stream.next else None
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise Problem("bad_request", f"the answer has another shape: {type(error).__name__}") from error
        if records is not None and not isinstance(records, (list, tuple)):
            raise Problem("bad_request", "the answer has another shape: no list of records")
        return Page(records or (), cursor)

    async def _step(self, stream: Stream, steps: Steps, at: At, handle: str | None) -> Page:
        """Submit, or look whether it is done and fetch it."""
        if handle is None:
            made = extract(steps.handle, (await self.send(stream.ask(at), at)).json())
            if not made:
                raise Problem("bad_request", "the report was not taken on")
            return Page(handle=str(made))
        url = steps.ready((await self.send(steps.poll(at, handle), at)).json())
        if url is None:
            return Page(handle=handle)
        return Page(steps.unpack((await self._download(url, at)).body) if url else ())

    async def _download(self, url: str, at: At) -> Reply:
        """The URL is signed by itself: no credentials go there."""
        ours = url.startswith(origin(self._platform, at.credentials, self._places) + "/")
        reply = await self._http.send(self._client_id, self._platform.name, url, Call("GET", ""), foreign=not ours)
        return self._checked(reply)

    async def _send(self, url: str, call: Call) -> Reply:
        foreign = is_foreign(self._platform, self._places)
        return self._checked(await self._http.send(self._client_id, self._platform.name, url, call, foreign=foreign))

    def _checked(self, reply: Reply) -> Reply:
        if problem := problem_of(reply, self._platform.message, self._platform.classify):
            raise problem
        return reply
