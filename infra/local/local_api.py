"""`/_local/`: the mailbox and the clock. The gateway answers it by itself; no deployed function knows it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

from infra.local.clock import StageClock
from infra.local.mailbox import Mailbox
from infra.local.mailbox_page import find, mail_page, mailbox_page
from infra.local.payload import Answer, Request, json_answer
from infra.local.schedules import Schedules

LONGEST_ADVANCE = 10 * 366 * 24 * 3600
_CONTENTS = {
    "GET /_local": "this list",
    "GET /_local/mail?to=ADDR": "the mail that was sent to ADDR, newest first; without `to` all mail",
    "GET /_local/mailbox?to=ADDR": "the same for people: mails as they look",
    "GET /_local/clock": "the time that handlers and schedules see",
    "POST /_local/clock/advance": 'moves it forward: {"seconds": N}; what becomes due fires in order, at its time',
}


class LocalApi:
    def __init__(
        self, mailbox: Mailbox, clock: StageClock, schedules: Schedules, quiet: Callable[[], Awaitable[None]]
    ) -> None:
        self._mailbox = mailbox
        self._clock = clock
        self._schedules = schedules
        self._quiet = quiet
        self._routes: dict[str, tuple[str, Callable[[Request], Awaitable[Answer]]]] = {
            "/_local": ("GET", self._list),
            "/_local/mail": ("GET", self._mail),
            "/_local/mailbox": ("GET", self._mailbox_page),
            "/_local/mailbox/mail": ("GET", self._one_mail),
            "/_local/clock": ("GET", self._now),
            "/_local/clock/advance": ("POST", self._advance),
        }

    async def __call__(self, request: Request) -> Answer:
        route = self._routes.get(request.path.rstrip("/"))
        if route is None:
            return json_answer(404, {"message": "Nothing here: GET /_local lists what there is"})
        method, respond = route
        if request.method != method:
            return json_answer(405, {"message": f"Only {method} here"}, ("allow", method))
        return await respond(request)

    async def _list(self, _: Request) -> Answer:
        return json_answer(200, _CONTENTS)

    async def _mail(self, request: Request) -> Answer:
        return json_answer(
            200, {"messages": await asyncio.to_thread(self._mailbox.messages, _parameter(request, "to"))}
        )

    async def _mailbox_page(self, request: Request) -> Answer:
        to = (_parameter(request, "to") or "").strip() or None
        return mailbox_page(await asyncio.to_thread(self._mailbox.messages, to), to, _parameter(request, "id"))

    async def _one_mail(self, request: Request) -> Answer:
        message = find(await asyncio.to_thread(self._mailbox.messages, None), _parameter(request, "id") or "")
        return mail_page(message) if message else json_answer(404, {"message": "No such mail"})

    async def _now(self, _: Request) -> Answer:
        return json_answer(200, self._time())

    async def _advance(self, request: Request) -> Answer:
        try:
            seconds = _seconds(request.body)
        except ValueError as error:
            return json_answer(400, {"message": str(error)})
        fired = await self._schedules.advance(seconds, self._quiet)
        return json_answer(200, self._time() | {"fired": fired})

    def _time(self) -> dict[str, Any]:
        now = self._clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {"now": now, "offset_seconds": self._clock.offset}


def _parameter(request: Request, name: str) -> str | None:
    # An address holds no space: where one turns up, somebody sent a plus sign as it is.
    return parse_qs(request.query.replace("+", "%2B")).get(name, [None])[0]


def _seconds(body: bytes) -> float:
    """The `seconds` of the body. Raises ValueError that says what is wrong with it."""
    try:
        content = json.loads(body)
    except ValueError:
        raise ValueError('send JSON: {"seconds": N}') from None
    seconds = content.get("seconds") if isinstance(content, dict) else None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or set(content) != {"seconds"}:
        raise ValueError('send {"seconds": N} with a number N and nothing else')
    if not 0 <= seconds <= LONGEST_ADVANCE:  # NaN is neither
        raise ValueError(f"seconds is {seconds}: the clock only moves forward, by {LONGEST_ADVANCE} at most")
    return seconds
