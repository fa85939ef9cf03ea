"""Schedules: each due time fires once, in order, also after a pause of the stage or a jump of its clock."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path
from typing import Any

from infra.declarations import Function, ScheduleTrigger
from infra.local.clock import StageClock
from infra.local.files import read_json, write_json
from infra.local.functions import Functions
from infra.local.processes import FunctionError
from infra.local.resources import Clients
from infra.local.timers import DueIndex, Jumps

MOST_MISSED = 24
ATTEMPTS = 3  # as Lambda tries an asynchronous invocation
_LONGEST_SLEEP = 1.0
type Fired = dict[str, str]
type Due = tuple[int, Function]


class Schedules:
    """Due times are the multiples of the interval since the epoch.

    Missed ones (the stage was down, or the clock is advanced) fire one by one, oldest first, at most the last
    MOST_MISSED of each schedule. One for timers, which looks at all that is due by then, fires for the last one; while
    the clock is advanced, whenever `due_index` has a timer for it. A due time that fails ATTEMPTS times goes to the
    function's dead-letter queue.
    """

    def __init__(
        self,
        scheduled: Sequence[tuple[Function, ScheduleTrigger]],
        functions: Functions,
        clock: StageClock,
        clients: Clients,
        dead_letters: Mapping[str, str],
        path: Path,
        due_index: DueIndex,
    ) -> None:
        self._scheduled = scheduled
        self._functions = functions
        self._clock = clock
        self._clients = clients
        self._dead_letters = dead_letters
        self._path = path
        self._fired: dict[str, int] = read_json(path, {})
        self._turn = asyncio.Lock()
        self._due_index = due_index
        self._tick = next((function for function, trigger in scheduled if trigger.timers), None)
        self._tick_seconds = min((trigger.every_minutes * 60 for _, trigger in scheduled if trigger.timers), default=60)

    async def run(self) -> None:
        """Fire what becomes due until cancelled."""
        while not self._functions.stopping:
            await self.fire_due()
            await self._functions.pause(_LONGEST_SLEEP)

    async def fire_due(self) -> list[Fired]:
        """Fire all that is due now. Returns `{"schedule", "due", "status"}` of each, in the order they fired."""
        async with self._turn:
            return [await self._fire(function, at) for at, function in self._all_due(self._clock.now())]

    async def advance(self, seconds: float, quiet: Callable[[], Awaitable[None]]) -> list[Fired]:
        """Move the clock so far, from one due time to the next: each fires at its time, and what it sets off is done
        (`quiet`) before the next one. A tick that would find no timer is passed over."""
        async with self._turn:
            offset, target = self._clock.offset + seconds, self._clock.now() + timedelta(seconds=seconds)
            await quiet()
            fired = [one async for one in self._fire_in_turn(target, quiet)]
            self._clock.set_offset(offset)
            return fired

    async def _fire_in_turn(self, until: datetime, quiet: Callable[[], Awaitable[None]]) -> AsyncIterator[Fired]:
        waiting, jumps = self._all_due(until), Jumps(self._due_index)
        while step := min([*waiting[:1], *await self._next_tick(until, jumps)], key=_time, default=None):
            at, function = step
            if step in waiting:
                waiting.remove(step)
            self._clock.advance_to(datetime.fromtimestamp(at, UTC))
            yield await self._fire(function, at)
            if function is self._tick:
                jumps.looked()
            if not waiting or waiting[0][0] > at:  # what is due at the same moment need not wait for quiet
                await quiet()

    def _all_due(self, until: datetime) -> list[Due]:
        """Not fired yet, oldest first."""
        moment = int(until.timestamp())
        due = [(at, function) for function, trigger in self._scheduled for at in self._due(function, trigger, moment)]
        return sorted(due, key=_time)

    def _due(self, function: Function, trigger: ScheduleTrigger, now: int) -> range:
        name, interval = function.name, trigger.every_minutes * 60
        latest = now - now % interval
        if name not in self._fired:
            self._remember(name, latest)  # a new schedule starts with its next due time
        most = 1 if trigger.timers else MOST_MISSED
        first = max(self._fired[name] + interval, latest - (most - 1) * interval)
        return range(first, latest + 1, interval)

    async def _next_tick(self, until: datetime, jumps: Jumps) -> list[Due]:
        """The next due time at which there is a timer to send, if it comes by then."""
        if self._tick is None or (first := await asyncio.to_thread(jumps.next)) is None:
            return []
        interval = self._tick_seconds
        at = max(-(-ceil(first.timestamp()) // interval) * interval, self._fired[self._tick.name] + interval)
        return [(at, self._tick)] if at <= until.timestamp() else []

    async def _fire(self, function: Function, at: int) -> dict[str, str]:
        due = datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z")
        event = {"schedule": function.name, "due": due}
        status = await self._attempt(function, event)
        self._remember(function.name, at)
        return event | {"status": status}

    async def _attempt(self, function: Function, event: dict[str, str]) -> str:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await self._functions.invoke(
                    function, event, source=f"schedule {event['due']}", interpret=lambda _: ("ok", "ok")
                )
            except FunctionError as error:
                last = error
            if attempt < ATTEMPTS:
                await asyncio.sleep(0.2 * attempt)
        await self._bury(function, event, last)
        return "failed"

    async def _bury(self, function: Function, event: Any, error: FunctionError) -> None:
        letter = {"requestPayload": event, "reason": str(error), "attempts": ATTEMPTS}
        await asyncio.to_thread(
            self._clients.sqs.send_message,
            QueueUrl=self._dead_letters[function.name],
            MessageBody=json.dumps(letter),
        )

    def _remember(self, name: str, at: int) -> None:
        self._fired[name] = at
        write_json(self._path, self._fired)


def _time(due: Due) -> int:
    return due[0]
