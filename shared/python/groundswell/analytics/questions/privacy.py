"""What answers keep of a client, and how they go."""

from collections.abc import Iterator, Sequence
from itertools import batched
from typing import Protocol

_PAGE = 500


class Objects(Protocol):
    def names(self, beginning: str) -> Iterator[str]: ...

    def delete(self, names: Sequence[str]) -> None: ...


class AnswerPurger:
    """Answers to the client's questions, and what unfinished ones set aside."""

    kind = "answers"

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def erase(self, client_id: str) -> Iterator[int]:
        for page in batched(self._objects.names(f"{client_id}/"), _PAGE, strict=False):
            self._objects.delete(page)
            yield len(page)
