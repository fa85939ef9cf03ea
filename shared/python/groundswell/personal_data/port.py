"""What a feature says of the personal data that it keeps. The factory `personal_data()` of its `privacy.py` makes
objects of these kinds; purge, erasure and export go through all of them, and know none by name.

Whatever it does is done again when a worker dies half-way: doing it twice must be as good as once.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple, Protocol, runtime_checkable

from groundswell.kernel.page import Position
from groundswell.personal_data.identifiers import Identifier, IdKind


class ClientData(Protocol):
    """What one feature keeps of a client.

    `kind`, its own, names it in the report of a purge. `prefixes` are what sort keys begin with of its items that are
    listed below `CLIENT#<client>` in `gsi1` of the core table (`TASK#`). `places` are where else it keeps something of
    a client: `<table> <beginning of partition and sort key>` or `<bucket> <beginning of the name>`, with `{client}` for
    the client's id (`ephemeral REJECTED#{client}#`).
    """

    @property
    def kind(self) -> str: ...

    @property
    def prefixes(self) -> Sequence[str]: ...

    @property
    def places(self) -> Sequence[str]: ...

    def purge(self, client_id: str) -> Iterator[int]:
        """Deletes what there is of the client, page by page, and yields how many items each page had."""
        ...


@runtime_checkable
class SupportsResolve(Protocol):
    """It knows by what else a person is known: a lead's e-mail, phone and user id."""

    resolves: ClassVar[Collection[IdKind]]

    def resolve(self, client_id: str, persons: Collection[Identifier]) -> Collection[Identifier]:
        """All that belongs to those persons, themselves included or not. `persons` are of the kinds in `resolves`."""
        ...


@runtime_checkable
class SupportsForget(Protocol):
    """It keeps something of persons, little enough to take it out in one step of a job (four minutes)."""

    kind: str
    forgets: ClassVar[Collection[IdKind]]

    def forget(self, client_id: str, persons: Collection[Identifier]) -> None:
        """Take everything out that names one of them. `persons` are of the kinds in `forgets`, and never none."""
        ...


class DisclosedRecords(NamedTuple):
    """Records as they stand in the file, and where to go on; None when that is all."""

    records: Sequence[Mapping[str, Any]]
    next: Position | None = None


@runtime_checkable
class SupportsTell(Protocol):
    """It keeps something of persons that is theirs to read: `file` names the file in their export."""

    file: ClassVar[str]
    tells: ClassVar[Collection[IdKind]]

    def tell(self, client_id: str, persons: Collection[Identifier], position: Position | None) -> DisclosedRecords:
        """What it keeps of them, some at a time. `persons` are of the kinds in `tells`, and never none."""
        ...
