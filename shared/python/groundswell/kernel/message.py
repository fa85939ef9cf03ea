"""Something to be done later, told together with the change that causes it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """`body` is JSON text for the consumer of `queue`; `id` makes a repeated delivery recognisable."""

    queue: str
    id: str
    body: str
