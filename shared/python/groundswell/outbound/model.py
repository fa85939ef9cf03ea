"""What comes of a call to somebody else, and the words for what went wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from groundswell.outbound.target import TargetRefused

__all__ = ["Answer", "Bounds", "Buckets", "CallFailed", "Circuits", "Rate", "TargetRefused"]

type Failure = Literal["timeout", "connect", "tls", "protocol", "redirects", "circuit_open", "budget"]


@dataclass(frozen=True)
class Bounds:
    """`seconds` for the whole call, redirects and the last byte included. A body is read up to `size` bytes."""

    seconds: float = 15.0
    connect_seconds: float = 5.0
    size: int = 1_000_000
    redirects: int = 0


@dataclass(frozen=True)
class Answer:
    """Header names are in lower case, of a repeated one the last. `truncated`: the body went on beyond the bounds."""

    status: int
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    truncated: bool = False

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


class CallFailed(Exception):
    """There was no answer. `retry_after`: seconds until another attempt makes sense, where that is known."""

    def __init__(self, failure: Failure, text: str, retry_after: float = 0.0) -> None:
        self.failure = failure
        self.retry_after = retry_after
        super().__init__(text)


@dataclass(frozen=True)
class Rate:
    """`calls` in each window of `seconds`. A process takes `chunk` calls at a time: fewer writes, and what a process
    that ends has left is lost to the window. Its first `credit` calls of a window it makes unasked, and counts them
    with its first chunk: as many more than `calls` may be made by each process."""

    calls: int
    seconds: int = 60
    chunk: int = 1
    credit: int = 0


class Buckets(Protocol):
    def take(self, name: str, rate: Rate) -> float:
        """Count one call. 0.0 when it may be made, else the seconds until the next window; it is not counted then."""


class Circuits(Protocol):
    def open_for(self, name: str) -> float:
        """Seconds for which nothing should be tried; 0.0 when the circuit is closed."""

    def failed(self, name: str) -> None:
        """Note that a call came to nothing."""

    def succeeded(self, name: str) -> None:
        """Note that a call was answered."""
