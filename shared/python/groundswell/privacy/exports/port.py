"""What an export asks of others."""

from collections.abc import Iterator, Sequence
from typing import IO, Protocol

from groundswell.analytics.cohorts.model import Cohort
from groundswell.analytics.wallets.model import VerifiedWallet
from groundswell.events.eventlog.identifiers import Identifier
from groundswell.events.rejections.model import Rejected
from groundswell.events.suppressions.model import Suppression
from groundswell.kernel.page import Page, Position


class Files(Protocol):
    """Objects by name."""

    def put(self, name: str, data: bytes) -> None: ...

    def put_file(self, name: str, file: IO[bytes]) -> None: ...

    def get(self, name: str) -> tuple[bytes, str] | None: ...

    def names(self, beginning: str, after: str = "") -> Iterator[str]: ...

    def delete(self, names: Sequence[str]) -> None: ...


class Verdicts(Protocol):
    def rejected(
        self,
        client_id: str,
        start: int | None,
        end: int | None,
        code: str | None,
        limit: int,
        position: Position | None,
    ) -> Page[Rejected]: ...


class Proofs(Protocol):
    def find(self, client_id: str, wallet: str) -> VerifiedWallet | None: ...

    def of_user(self, client_id: str, user_id: str) -> list[VerifiedWallet]: ...


class Listed(Protocol):
    def of(self, client_id: str, identifiers: Sequence[Identifier]) -> list[Suppression]:
        """Entries of the suppression list about one of them."""
        ...


class Cohorts(Protocol):
    def list(self, client_id: str, limit: int, position: Position | None) -> Page[Cohort]: ...

    def members(self, cohort: Cohort, limit: int, position: Position | None) -> Page[str]: ...
