"""Every function of the stage, callable by its declaration; each call leaves one log line without secrets."""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from groundswell.observability.redaction import redact_text
from infra.declarations import Function
from infra.local.clock import StageClock
from infra.local.processes import FunctionError, Invocation, Pool

type Log = Callable[[str], None]


class Functions:
    """Also tells those who consume queues, streams and schedules when to look again and when to stop."""

    def __init__(self, pools: Mapping[str, Pool], clock: StageClock, log: Log) -> None:
        self._pools = pools
        self._clock = clock
        self._log = log
        self._news = asyncio.Event()
        self._stopping = asyncio.Event()
        self.begun = 0
        self.under_way = 0

    async def invoke[T](
        self,
        function: Function,
        event: Any,
        *,
        source: str,
        interpret: Callable[[Any], tuple[T, str]],
        request_id: str | None = None,
    ) -> T:
        """What `interpret` makes of the handler's result: a value, and the status for the log.

        Raises FunctionError, and what `interpret` raises.
        """
        began = time.monotonic()
        status = "cancelled"
        self.begun += 1
        self.under_way += 1
        invocation = Invocation(event, request_id or str(uuid4()), self._clock.offset)
        try:
            value, status = interpret(await self._pools[function.name].invoke(invocation))
        except FunctionError as error:
            status = f"{error} (see logs/{function.name}.log)"
            raise
        except ValueError as error:
            status = f"invalid result: {error}"
            raise
        finally:
            self.under_way -= 1
            self._log(
                f"{function.name:<20} {redact_text(source):<50} {status} {(time.monotonic() - began) * 1000:.0f} ms"
            )
            self.wake()
        return value

    @property
    def stopping(self) -> bool:
        return self._stopping.is_set()

    def stop(self) -> None:
        """Consumers finish what they hold and take no more."""
        self._stopping.set()
        self.wake()

    def wake(self) -> None:
        """Let those who wait for news look again."""
        self._news.set()
        self._news = asyncio.Event()

    async def news(self, seconds: float) -> None:
        """Until a function was called (it may have written something), or so many seconds."""
        await _first(self._news, seconds)

    async def pause(self, seconds: float) -> None:
        """So many seconds, or until the stop."""
        await _first(self._stopping, seconds)

    async def close(self) -> None:
        for pool in self._pools.values():
            await pool.close()


async def _first(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
