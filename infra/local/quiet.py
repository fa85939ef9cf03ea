"""When everything that was set off is done: queues empty, streams read, nobody at work."""

import asyncio
from collections.abc import Callable, Sequence

from infra.local.functions import Functions
from infra.local.queues import QueueConsumer
from infra.local.streams import StreamConsumer

LONGEST_SECONDS = 10.0  # one step waits no longer: somebody may be calling the API all the time
_PAUSE_SECONDS = 0.01
_STREAM_SECONDS = 2.0


class Quiet:
    def __init__(
        self, functions: Functions, queues: Sequence[QueueConsumer], streams: Sequence[StreamConsumer]
    ) -> None:
        self._functions = functions
        self._queues = queues
        self._streams = streams

    async def wait(self) -> None:
        """Until nothing is left to do, or LONGEST_SECONDS. What failed and comes again later is not waited for."""
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                while not self._functions.stopping and not await self._is_quiet():
                    await self._functions.pause(_PAUSE_SECONDS)
        except TimeoutError:
            return

    async def _is_quiet(self) -> bool:
        """Streams feed queues, and both only what a function writes: if none was called meanwhile, nothing came."""
        calls = self._functions.begun
        now = asyncio.get_running_loop().time()
        if self._functions.under_way or not await self._until(lambda: self._streams_idle_since(now)):
            return False
        idle = await asyncio.gather(*(queue.is_idle() for queue in self._queues))
        return all(idle) and self._functions.begun == calls and not self._functions.under_way

    def _streams_idle_since(self, moment: float) -> bool:
        self._functions.wake()
        return all(stream.idle_since >= moment for stream in self._streams)

    async def _until(self, condition: Callable[[], bool]) -> bool:
        for _ in range(round(_STREAM_SECONDS / _PAUSE_SECONDS)):
            if condition():
                return True
            await asyncio.sleep(_PAUSE_SECONDS)
        return False
