"""The import as an operation: looks at the whole file, then writes its rows, some a step.

A step is bounded and safe to repeat: rows lie in numbered pieces, what a row makes has an id of its own, and its counts
are saved with the place that they are for.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from itertools import batched
from typing import IO, Any, Protocol

from groundswell.audience.imports import mapping
from groundswell.audience.imports.columns import Survey
from groundswell.audience.imports.dialect import detect
from groundswell.audience.imports.fields import Reader
from groundswell.audience.imports.model import (
    AUTO,
    ERRORS_SHOWN,
    ROWS_AT_MOST,
    NotImportable,
    Outcome,
    Row,
    RowError,
)
from groundswell.audience.imports.planning import Pair, Plan, Planner
from groundswell.audience.imports.table import read, titles
from groundswell.kernel.errors import PreconditionFailed
from groundswell.leads.edits import keys_of
from groundswell.leads.identities import IdentityKind
from groundswell.leads.model import Lead, LeadExists
from groundswell.leads.settings.types import CustomField, FieldType
from groundswell.operations.model import Operation

PIECE = 1000
"""Rows that lie together."""
REPORT = "errors.csv"
_STEP = 200
_DRY_STEP = 1000
_ATTEMPTS = 5
type Lines = Sequence[tuple[int, list[str]]]


class Files(Protocol):
    """Of one import. Whatever is put again is the same."""

    def source(self, operation: Operation) -> IO[bytes]: ...

    def put_rows(self, operation: Operation, piece: int, rows: Lines) -> None: ...

    def rows(self, operation: Operation, piece: int) -> Lines: ...

    def put_errors(self, operation: Operation, row: int, errors: Sequence[RowError]) -> None: ...

    def errors(self, operation: Operation) -> Iterator[RowError]:
        """In the order of rows."""

    def put_seen(self, operation: Operation, row: int, seen: Mapping[str, str]) -> None: ...

    def seen(self, operation: Operation, before: int) -> dict[str, str]:
        """What was put at rows before that one."""

    def put_report(self, operation: Operation, errors: Iterator[RowError]) -> None:
        """The file of all errors."""

    def clean(self, operation: Operation) -> None:
        """All but errors and report: whoever finishes it again finds them."""


class Leads(Protocol):
    def holders(self, client_id: str, keys: Sequence[str]) -> dict[str, str]: ...

    def find_many(self, client_id: str, lead_ids: Sequence[str]) -> tuple[Lead, ...]: ...

    def prepared(self, operation: Operation) -> tuple[Sequence[CustomField], Sequence[str]]:
        """Types of the client's custom fields, and who takes turns as the owner of new leads."""
        ...

    def working(self, operation: Operation, user_ids: Sequence[str]) -> Collection[str]:
        """Those of them who may own a lead."""
        ...

    def save_all(self, pairs: Sequence[Pair], by: str) -> None:
        """In as few transactions as hold them. Raises PreconditionFailed or LeadExists where others were faster; those
        before are written."""


class Links(Protocol):
    def link(self, operation: Operation, name: str, file_name: str) -> tuple[str, datetime]:
        """To a file of the operation, and until when it is good."""
        ...


class ImportJob:
    def __init__(self, files: Files, leads: Leads, links: Links, now: Callable[[], datetime]) -> None:
        self._files = files
        self._leads = leads
        self._links = links
        self._now = now
        self._piece: tuple[str, int, Lines] | None = None
        self._dry: tuple[str, int, dict[str, str]] | None = None

    def step(self, operation: Operation) -> Operation:
        at = operation.state.get("at")
        if at is None:
            return self._inspect(operation)
        return self._rows(operation, int(at)) if at < operation.state["rows"] else self._finish(operation)

    def outcome(self, operation: Operation) -> Mapping[str, str]:
        return {name: str(value) for name, value in (operation.result or {}).items() if isinstance(value, int)}

    def _inspect(self, operation: Operation) -> Operation:
        with self._files.source(operation) as file:
            lines = read(file, detect(file))
            header = titles(next(lines, (0, []))[1])
            survey, rows = Survey(header, mapping.says_id), 0
            filled = (line for line in lines if line[1])
            for number, piece in enumerate(batched(filled, PIECE, strict=False)):
                for _, cells in piece:
                    survey.add(cells)
                rows += len(piece)
                if rows > ROWS_AT_MOST:
                    raise NotImportable(f"At most {ROWS_AT_MOST:,} rows: cut the file into several")
                self._files.put_rows(operation, number, piece)
        columns = survey.columns()
        wanted = operation.state["mapping"]
        targets = mapping.automatic(columns) if wanted == AUTO else mapping.explicit(header, wanted)
        _need_identity(targets)
        types, owners = self._leads.prepared(operation)
        return operation.at(
            5,
            at=0,
            rows=rows,
            titles=list(header),
            targets=[list(target) for target in targets],
            numeric=[column.numeric for column in columns],
            counts={outcome.value: 0 for outcome in Outcome},
            types=[asdict(kind) for kind in types],
            owners=list(owners),
        )

    def _rows(self, operation: Operation, at: int) -> Operation:
        state = operation.state
        dry = bool(state["dry_run"])
        rows = self._read(operation, at, _DRY_STEP if dry else _STEP)
        made = self._tried(operation, at, rows) if dry else self._written(operation, rows)
        if made.errors:
            self._files.put_errors(operation, at, made.errors)
        counts = {outcome.value: state["counts"][outcome.value] + made.counts[outcome] for outcome in Outcome}
        done = at + len(rows)
        return operation.at(5 + 90 * done // state["rows"], at=done, counts=counts)

    def _read(self, operation: Operation, at: int, most: int) -> list[Row]:
        """From there to the end of the piece at most."""
        state, piece = operation.state, at // PIECE
        if self._piece is None or self._piece[:2] != (operation.id, piece):
            self._piece = (operation.id, piece, self._files.rows(operation, piece))
        start = at - piece * PIECE
        types = {kind["name"]: _custom_field(kind) for kind in state["types"]}
        reader = Reader(state["titles"], tuple(map(tuple, state["targets"])), state["numeric"], types)
        chunk = self._piece[2][start : start + most]
        rows = [reader.row(at + number, line, cells) for number, (line, cells) in enumerate(chunk, 1)]
        return self._owned(operation, rows)

    def _owned(self, operation: Operation, rows: list[Row]) -> list[Row]:
        """A row that names an owner who is nobody of the client fails."""
        owners = sorted({row.values["owner_id"] for row in rows if row.values and "owner_id" in row.values})
        working = self._leads.working(operation, owners) if owners else ()
        wrong = set(owners).difference(working)
        return [_refused(row) if row.values and row.values.get("owner_id") in wrong else row for row in rows]

    def _written(self, operation: Operation, rows: Sequence[Row]) -> Plan:
        for _ in range(_ATTEMPTS):
            made = self._planned(operation, rows, {})
            try:
                self._leads.save_all(list(made.pairs.values()), operation.by)
            except (PreconditionFailed, LeadExists):  # others write the same leads: look again
                continue
            return made
        raise PreconditionFailed

    def _tried(self, operation: Operation, at: int, rows: Sequence[Row]) -> Plan:
        """Without writing: what earlier rows would have made is remembered."""
        if self._dry is None or self._dry[:2] != (operation.id, at):
            self._dry = (operation.id, at, self._files.seen(operation, at))
        known = self._dry[2]
        made = self._planned(operation, rows, known)
        new = {key: lead_id for key, lead_id in made.seen.items() if known.get(key) != lead_id}
        self._files.put_seen(operation, at, new)
        self._dry = (operation.id, at + len(rows), known | new)
        return made

    def _planned(self, operation: Operation, rows: Sequence[Row], known: Mapping[str, str]) -> Plan:
        keys = sorted({key for row in rows if row.values for key in keys_of(row.values)})
        holders = self._leads.holders(operation.client_id, keys) if keys else {}
        ids = sorted(set(holders.values()))
        leads = {lead.id: lead for lead in self._leads.find_many(operation.client_id, ids)} if ids else {}
        owners = operation.state["owners"]
        planner = Planner(operation.id, operation.client_id, operation.by, self._now, owners)
        return planner.plan(rows, {**{key: known[key] for key in keys if key in known}, **holders}, leads)

    def _finish(self, operation: Operation) -> Operation:
        state = operation.state
        shown = [asdict(error) for _, error in zip(range(ERRORS_SHOWN), self._files.errors(operation), strict=False)]
        if shown:
            self._files.put_report(operation, self._files.errors(operation))
        self._files.clean(operation)
        return operation.succeeded(
            {
                "rows": state["rows"],
                **state["counts"],
                "dry_run": state["dry_run"],
                "mapping": {
                    title: _shown(target) for title, target in zip(state["titles"], state["targets"], strict=True)
                },
                "errors": shown,
                "errors_url": self._links.link(operation, REPORT, "errors.csv")[0] if shown else None,
            }
        )


def _custom_field(stored: Mapping[str, Any]) -> CustomField:
    return CustomField(stored["name"], FieldType(stored["type"]), tuple(stored["options"]))


def _refused(row: Row) -> Row:
    return replace(row, values={}, error=RowError(row.number, row.line, "owner_id", "nobody of this client"))


def _shown(targets: Sequence[str]) -> Any:
    return targets[0] if len(targets) == 1 else list(targets) or None


def _need_identity(targets: mapping.Targets) -> None:
    """Raises NotImportable."""
    named = [target for column_targets in targets for target in column_targets]
    if not any(target.startswith(mapping.EXTERNAL) or target in IdentityKind for target in named):
        raise NotImportable(
            "No column says whose row it is: an e-mail, a phone, or a column whose values are all different. "
            "Name one by `mapping`, such as identities.external.crm"
        )
