"""What an export asks of others."""

from collections.abc import Iterator, Sequence
from typing import IO, Protocol


class Files(Protocol):
    """Objects by name."""

    def put(self, name: str, data: bytes) -> None: ...

    def put_file(self, name: str, file: IO[bytes]) -> None: ...

    def get(self, name: str) -> tuple[bytes, str] | None: ...

    def names(self, beginning: str, after: str = "") -> Iterator[str]: ...

    def delete(self, names: Sequence[str]) -> None: ...
