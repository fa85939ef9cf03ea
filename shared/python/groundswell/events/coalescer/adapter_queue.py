"""The ingest path's end of the queue: a block writer that lets small blocks wait for others."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from groundswell.events.coalescer.model import LARGEST, to_message
from groundswell.events.eventlog.model import Log

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


class _Writer(Protocol):
    def append(self, log: Log, blocks: Sequence[bytes], received: int) -> list[str]: ...


class CoalescingWriter:
    """Appends to the log directly, unless there is one small block: that one goes to the queue, in one call as well.

    Its message belongs to the client's group: in a standard queue this makes the queue fair. A client with a burst
    waits behind its own messages, and the others are handed out before them.
    """

    def __init__(
        self, direct: _Writer, client: Callable[[], "SQSClient"], queue_url: str, troubled: Callable[[str], None]
    ) -> None:
        """`client` is opened with the first small block. `troubled` is told why the queue did not take one."""
        self._direct = direct
        self._client = client
        self._queue_url = queue_url
        self._troubled = troubled

    def append(self, log: Log, blocks: Sequence[bytes], received: int) -> list[str]:
        """The new blocks' sort keys: none of one that waits. Raises what the direct way raises."""
        if len(blocks) == 1 and len(blocks[0]) <= LARGEST and self._sent(log, blocks[0]):
            return []
        return self._direct.append(log, blocks, received)

    def _sent(self, log: Log, block: bytes) -> bool:
        """A queue that is out of order loses nothing: what it took after all is counted once."""
        try:
            self._client().send_message(
                QueueUrl=self._queue_url, MessageBody=to_message(log, block), MessageGroupId=log.client_id
            )
        except (BotoCoreError, ClientError) as error:
            self._troubled(str(error))
            return False
        return True
