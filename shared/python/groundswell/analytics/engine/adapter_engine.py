"""Runs our own statements in this process: DuckDB, bounded in memory, threads and time. No tenant's SQL comes here."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib import import_module
from os import getpid
from tempfile import gettempdir
from threading import Timer
from typing import TYPE_CHECKING, Any

import msgspec

from groundswell.analytics.engine.adapter_sandbox import plain
from groundswell.analytics.engine.model import (
    ODD,
    Column,
    Files,
    Limits,
    OddValue,
    Parameters,
    Statement,
    Table,
    TooHeavy,
)
from groundswell.analytics.engine.views import PERSONS, events_view, logged_view
from groundswell.events.archiver.adapter_parquet import connect
from groundswell.kernel.errors import Invalid

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_PAGE = 2_000
_encoder = msgspec.json.Encoder(decimal_format="number")


class Engine:
    """One database a process: opening one takes longer than most questions."""

    def __init__(self, megabytes: int, threads: int = 2) -> None:
        """`megabytes` bounds what DuckDB keeps in memory; beyond, it spills to the disk."""
        self._megabytes, self._threads = megabytes, threads

    def run(self, statement: Statement, files: Files, limits: Limits) -> Table:
        """Raises OddValue, TooHeavy."""
        duckdb = import_module("duckdb")
        with self._database.cursor() as cursor:
            for view in _views(statement.sql, files):
                cursor.execute(view)
            try:
                with _interrupted(cursor, limits.seconds):
                    return _table(
                        cursor.execute(statement.sql, json.loads(_encoder.encode(statement.parameters)) or None)
                    )
            except duckdb.InterruptException as error:
                raise TooHeavy(f"it takes longer than {limits.seconds} s") from error
            except duckdb.OutOfMemoryException as error:
                raise TooHeavy("it needs more memory than there is") from error
            except duckdb.InvalidInputException as error:
                if ODD in str(error):
                    raise OddValue from error
                raise

    def explain(self, statement: Statement, files: Files, limits: Limits) -> str:
        """The plan, as JSON; empty where that cannot be had either."""
        planned = Statement(f"EXPLAIN (FORMAT json) {statement.sql}", statement.parameters)
        try:
            table = self.run(planned, files, limits)
        except (Invalid, OddValue):
            return ""
        return "\n".join(map(str, json.loads(bytes(table.rows))[0][1:]))

    @cached_property
    def _database(self) -> "DuckDBPyConnection":
        database = connect(f"{gettempdir()}/groundswell-engine-{getpid()}", self._megabytes, self._threads)
        database.execute("SET TimeZone = 'UTC'")
        database.execute("SET parquet_metadata_cache = true")  # by path and time of change: an archive has many objects
        return database


def _views(sql: str, files: Files) -> Iterator[str]:
    """Those that it reads: to make one opens all files."""
    if "FROM logged" in sql:
        yield logged_view(files.events, files.links)
    else:
        yield events_view(files.events, files.links)
        yield PERSONS


def _plain(parameters: Parameters) -> Any:
    """As JSON has them, like in the process that runs a tenant's."""
    return json.loads(_encoder.encode(parameters)) or None


@contextmanager
def _interrupted(cursor: "DuckDBPyConnection", seconds: int) -> Iterator[None]:
    timer = Timer(seconds, cursor.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _table(cursor: "DuckDBPyConnection") -> Table:
    columns = [Column(name, str(kind)) for name, kind, *_ in cursor.description or ()]
    rows = list[bytes]()
    while page := cursor.fetchmany(_PAGE):
        rows += (_encoder.encode([plain(value) for value in row]) for row in page)
    return Table(columns, msgspec.Raw(b"[" + b",".join(rows) + b"]"))
