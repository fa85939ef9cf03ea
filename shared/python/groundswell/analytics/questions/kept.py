"""Where answers of questions are kept, and how they are forgotten."""

from collections.abc import Iterator, Sequence
from itertools import batched
from typing import Protocol

from groundswell.kernel.errors import Gone

_PAGE = 500


class Objects(Protocol):
    def put(self, name: str, data: bytes) -> None: ...

    def get(self, name: str) -> tuple[bytes, str] | None: ...

    def names(self, beginning: str) -> Iterator[str]: ...

    def delete(self, names: Sequence[str]) -> None: ...


class AnswerGone(Gone):
    code = "ANSWER_GONE"
    message = "Answers are kept for 7 days, and until somebody is erased: ask again"


def answer_name(client_id: str, operation_id: str) -> str:
    """Gzipped JSON."""
    return f"{client_id}/{operation_id}/answer.json.gz"


def forget(objects: Objects, client_id: str) -> None:
    """Every answer of the client."""
    for batch in batched(objects.names(f"{client_id}/"), _PAGE, strict=False):
        objects.delete(batch)
