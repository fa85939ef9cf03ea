"""An import of many rows whose worker is killed twice: exact counts, rows a second of CPU with the store faked, and the
calls that the real store would make.
"""

import csv
import io
import os
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from groundswell.audience.imports.job import ImportJob, Lines
from groundswell.audience.imports.model import RowError
from groundswell.audience.imports.planning import Pair
from groundswell.audience.imports.store import together
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.leads.adapter_derived import counted
from groundswell.leads.model import Lead
from groundswell.leads.settings.types import CustomField
from groundswell.operations.model import Operation
from tests.benchmarks.report import Figure, Say, at_least, at_most, table
from tests.calls import Crash

_HEADER = ("E-Mail", "First Name", "Last Name", "Phone", "Company", "Job Title", "Lead Source", "Seats", "City")
_BATCH = 100  # of keys in one BatchGetItem
_STEP = 200  # rows, and one write of the operation


def generated(rows: int) -> tuple[bytes, dict[str, int]]:
    """A file, and what has to come of it: every 50th row is somebody again, every 97th has no address."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_HEADER)
    counts = dict.fromkeys(("created", "updated", "skipped", "failed"), 0)
    for n in range(rows):
        who = n - 7 if n % 50 == 49 and (n - 7) % 97 else n
        outcome = "failed" if n % 97 == 0 else "created" if who == n else "updated"
        counts[outcome] += 1
        email = "nobody" if outcome == "failed" else f"person{who}@company{who % 5000}.example"
        phone = f"+4930{1_000_000 + who}" if who % 4 == 0 and outcome != "failed" else ""
        writer.writerow(
            (email, f"First{who % 700}", f"Last{who % 900}", phone, f"Company {who % 5000}", "CTO", "fair", n, "Berlin")
        )
    return text.getvalue().encode(), {"rows": rows, **counts}


class _Files:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._rows: dict[int, Lines] = {}
        self._errors: dict[int, Sequence[RowError]] = {}

    def source(self, _operation: Operation) -> io.BytesIO:
        return io.BytesIO(self._data)

    def put_rows(self, _operation: Operation, piece: int, rows: Lines) -> None:
        self._rows[piece] = rows

    def rows(self, _operation: Operation, piece: int) -> Lines:
        return self._rows[piece]

    def put_errors(self, _operation: Operation, row: int, errors: Sequence[RowError]) -> None:
        self._errors[row] = list(errors)

    def errors(self, _operation: Operation) -> Iterator[RowError]:
        return (error for _, row_errors in sorted(self._errors.items()) for error in row_errors)

    def put_seen(self, *_: Any) -> None:
        raise AssertionError("no dry run")

    def seen(self, *_: Any) -> dict[str, str]:
        raise AssertionError("no dry run")

    def put_report(self, *_: Any) -> None: ...

    def clean(self, _operation: Operation) -> None: ...


class _Leads:
    """What is unique in the table is unique here. `dies_at` are the saves of which half is written, and no more."""

    def __init__(self, *dies_at: int, serialized: bool = False) -> None:
        self.leads: dict[str, Lead] = {}
        self._keys: dict[str, str] = {}
        self._dies_at = dies_at
        self._serialized = serialized
        self._saves = 0
        self.calls = 0

    def holders(self, _client: str, keys: Collection[str]) -> dict[str, str]:
        self.calls += -(-len(keys) // _BATCH)
        return {key: self._keys[key] for key in keys if key in self._keys}

    def find_many(self, _client: str, ids: Collection[str]) -> tuple[Lead, ...]:
        self.calls += -(-len(ids) // _BATCH)
        return tuple(self.leads[identifier] for identifier in ids)

    def prepared(self, _operation: Operation) -> tuple[Sequence[CustomField], Sequence[str]]:
        return (), ()

    def working(self, *_: Any) -> Sequence[str]:
        return ()

    def save_all(self, pairs: Sequence[Pair], by: str) -> None:
        self._saves += 1
        if self._serialized:
            for group, changes in together(pairs, by):
                self.calls += bool([*changes, *counted("client", *group)])
        dies = self._saves in self._dies_at
        for before, after in pairs[: len(pairs) // 2] if dies else pairs:
            assert (before is None) is (after.id not in self.leads), "a lead twice"
            assert all(self._keys.setdefault(key, after.id) == after.id for key in after.keys), "an identity twice"
            self.leads[after.id] = after
        if dies:
            raise Crash


class _Links:
    def link(self, *_: Any) -> tuple[str, datetime]:
        return "", utc_now()


def run(data: bytes, leads: _Leads) -> tuple[Mapping[str, Any], float]:
    """The result, and seconds of CPU. Whoever takes over a dead worker's operation starts from what was kept."""
    now = utc_now()
    state = {"mapping": "auto", "dry_run": False, "address": "", "uploaded": False}
    operation = Operation(new_id(), "client", "org", "lead_import", "me", now, now, state=state)
    files, began = _Files(data), time.process_time()
    while not operation.over:
        job = ImportJob(files, leads, _Links(), utc_now)
        try:
            while not operation.over:
                operation = job.step(operation)
        except Crash:
            continue
    return operation.result or {}, time.process_time() - began


def measure(say: Say, rows: int) -> tuple[list[Figure], str]:
    os.environ.setdefault("TABLE_CORE", "core")
    data, expected = generated(rows)
    say(f"{rows:,} rows, the worker killed twice")
    steps = rows // _STEP
    leads = _Leads(steps // 3, steps * 2 // 3)
    result, seconds = run(data, leads)
    exact = {name: result[name] for name in expected} == expected and len(leads.leads) == expected["created"]
    few, sample_size = generated(min(rows, 5_000))[0], min(rows, 5_000)
    say(f"{sample_size:,} rows with the items that DynamoDB gets")
    counting = _Leads(serialized=True)
    _, serialized = run(few, counting)
    calls = (counting.calls + sample_size / _STEP) * 25 / sample_size
    verdict = ("exact", "met") if exact else ("WRONG", "missed")
    figures = [
        Figure(f"counts of {rows:,} imported rows, killed twice", verdict[0], "exact", verdict[1]),
        at_least("imported rows a second of a core, store faked", rows / seconds, 1_000),
        at_most("AWS calls for 25 imported rows", calls, 4.5),
    ]
    lines = [
        ("store faked", f"{rows / seconds:,.0f}", "0"),
        ("with the items made for DynamoDB", f"{sample_size / serialized:,.0f}", f"{calls:.2f}"),
    ]
    return figures, table("Imports", ("", "rows/s of CPU", "calls for 25 rows"), lines)
