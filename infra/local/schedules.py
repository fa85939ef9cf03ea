"""Schedules: each due time fires once, in order, also after a pause or a jump of the stage's clock."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from infra.declarations import Function, ScheduleTrigger
from infra.local.clock import StageClock
from infra.local.files import read_json, write_json
from infra.local.functions import Functions
from infra.local.processes import FunctionError
from infra.local.resources import Clients

MOST_MISSED = 24
ATTEMPTS = 3  # as Lambda tries an asynchronous invocation
_LONGEST_SLEEP = 1.0


class Schedules:
    """Due times are the multiples of the interval since the epoch.

    Missed ones (the stage was down, or the clock was advanced) fire one by one, oldest first, at most the last
    MOST_MISSED of each schedule. A due time that fails ATTEMPTS times goes to the function's dead-letter queue.
    """

    def __init__(
        self,
        scheduled: Sequence[tuple[Function, ScheduleTrigger]],
        functions: Functions,
        clock: StageClock,
        clients: Clients,
        dead_letters: Mapping[str, str],
        path: Path,
    ) -> None:
        self._scheduled = scheduled
        self._functions = functions
        self._clock = clock
        self._clients = clients
        self._dead_letters = dead_letters
        self._path = path
        self._fired: dict[str, int] = read_json(path, {})
        self._turn = asyncio.Lock()

    async def run(self) -> None:
        """Fire what becomes due until cancelled."""
        while not self._functions.stopping:
            await self.fire_due()
            await self._functions.pause(_LONGEST_SLEEP)

    async def fire_due(self) -> list[dict[str, str]]:
        """Fire all that is due now. Returns `{"schedule", "due", "status"}` of each, in the order they fired."""
        async with self._turn:
            now = int(self._clock.now().timestamp())
            due = [
                (at, function)
                for function, trigger in self._scheduled
                for at in self._due(function.name, trigger.every_minutes * 60, now)
            ]
            due.sort(key=lambda one: one[0])
            return [await self._fire(function, at) for at, function in due]

    def _due(self, name: str, interval: int, now: int) -> range:
        latest = now - now % interval
        if name not in self._fired:
            self._remember(name, latest)  # a new schedule starts with its next due time
        first = max(self._fired[name] + interval, latest - (MOST_MISSED - 1) * interval)
        return range(first, latest + 1, interval)

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
