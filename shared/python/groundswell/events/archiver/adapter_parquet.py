"""Parquet by DuckDB: rows of the archive in memory, read from objects and packed into new ones."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from importlib import import_module
from itertools import chain, repeat
from os import getpid
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import TYPE_CHECKING

from groundswell.events.archiver.lake import CorruptObject, Packed, day_of
from groundswell.events.archiver.layout import (
    COLUMNS,
    EVENT,
    RAW,
    TEXTS_OF_PARTS,
    Raw,
    Row,
    event_of,
    loaded,
    parameters,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_DAY = 86_400_000
_PAGE = 2_000
_LOADED_AT_ONCE = 5_000
_TABLE = ", ".join(f"{name} {kind}" for name, (kind, _) in COLUMNS.items())
_LOADED = ", ".join(f"{loaded(number, name)} AS {name}" for number, name in enumerate(RAW, 1))
_MADE = ", ".join(f"{made} AS {name}" for name, (_, made) in COLUMNS.items())
_SOURCE = f"(SELECT *, {TEXTS_OF_PARTS} FROM (SELECT {_LOADED}))"  # noqa: S608 - our own words
LOAD = f"INSERT INTO events SELECT {_MADE} FROM {_SOURCE}"  # noqa: S608 - our own words
PACKED = "FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2"


def connect(folder: str, megabytes: int = 512, threads: int = 2) -> "DuckDBPyConnection":
    """A database in memory that loads nothing from anywhere. Spills to that folder, up to as much."""
    connection: DuckDBPyConnection = import_module("duckdb").connect(
        ":memory:",
        config={
            "autoload_known_extensions": "false",
            "autoinstall_known_extensions": "false",
            "memory_limit": f"{megabytes}MB",
            "temp_directory": folder,
            "max_temp_directory_size": f"{megabytes}MB",
            "threads": str(threads),
            "asof_loop_join_threshold": "0",  # DuckDB takes what is read from files for a few rows: a minute of loops
        },
    )
    return connection


class DuckSheet:
    def __init__(self, connection: "DuckDBPyConnection", folder: Path) -> None:
        self._database = connection
        self._folder = folder
        self._database.execute(f"CREATE TEMP TABLE events({_TABLE})")
        self._waiting: dict[str, list[bytes]] = {name: [] for name in RAW}

    def add(self, raws: Raw) -> None:
        """Many together: a statement costs as much as a thousand rows."""
        for name in RAW:
            self._waiting[name] += raws[name]
        if len(self._waiting["position"]) >= _LOADED_AT_ONCE:
            self._load()

    def _load(self) -> None:
        if self._waiting["position"]:
            self._database.execute(LOAD, parameters(self._waiting))
            self._waiting = {name: [] for name in RAW}

    def open(self, data: bytes) -> None:
        """Add the rows of an object. Raises CorruptObject."""
        duckdb, path = import_module("duckdb"), self._folder / "opened"
        path.write_bytes(data)
        try:
            self._database.execute(
                f"INSERT INTO events SELECT {', '.join(COLUMNS)} FROM read_parquet(?)",  # noqa: S608 - our own words
                [str(path)],
            )
        except duckdb.Error as error:
            raise CorruptObject(str(error)) from error
        finally:
            path.unlink()

    def drop(self, positions: Mapping[str, Sequence[int]]) -> int:
        """Take these rows out, by block: how many there were."""
        self._load()
        blocks = list(chain.from_iterable(repeat(sk, len(ats)) for sk, ats in positions.items()))
        ats = list(chain.from_iterable(positions.values()))
        done = self._database.execute(
            "DELETE FROM events WHERE (block, position) IN (SELECT unnest(?::VARCHAR[]), unnest(?::INTEGER[]))",
            [blocks, ats],
        ).fetchone()
        return int(done[0]) if done else 0

    def rows(self) -> Iterator[Row]:
        """In the order of the log."""
        self._load()
        cursor = self._database.execute(
            f"SELECT {', '.join(EVENT)} FROM events ORDER BY block, position"  # noqa: S608 - our own words
        )
        while page := cursor.fetchmany(_PAGE):
            yield from map(event_of, page)

    def days(self) -> dict[str, int]:
        """Those of which there are rows, and how many."""
        self._load()
        counts = self._database.execute(
            f"SELECT ts // {_DAY} AS day, count(*) FROM events GROUP BY day ORDER BY day"  # noqa: S608 - our own words
        ).fetchall()
        return {day_of(day): rows for day, rows in counts}

    def pack(self, day: str) -> Packed:
        """Its rows, in the order of their times."""
        self._load()
        path, of_day = (
            self._folder / "packed",
            f"FROM events WHERE ts // {_DAY} = date_diff('day', DATE '1970-01-01', ?)",
        )
        self._database.execute(
            f"COPY (SELECT * {of_day} ORDER BY ts, block, position) TO '{path}' ({PACKED})",
            [day],
        )
        row = self._database.execute(f"SELECT count(*), min(block), max(block) {of_day}", [day]).fetchone()
        data = path.read_bytes()
        path.unlink()
        rows, first, last = row or (0, "", "")
        return Packed(data, rows, first, last)

    def save(self, path: Path) -> Path:
        """All rows as a file of this machine, for whoever asks them at once."""
        self._load()
        self._database.execute(f"COPY events TO '{path}' (FORMAT parquet, COMPRESSION uncompressed)")
        return path


class DuckSheets:
    """Temporary tables of a database that is opened once: opening takes longer than most sheets."""

    def __init__(self, megabytes: int = 512) -> None:
        self._megabytes = megabytes

    @contextmanager
    def sheet(self) -> Iterator[DuckSheet]:
        with TemporaryDirectory() as folder, self._database.cursor() as connection:
            yield DuckSheet(connection, Path(folder))

    @cached_property
    def _database(self) -> "DuckDBPyConnection":
        return connect(f"{gettempdir()}/groundswell-{getpid()}", self._megabytes)

    def save_pairs(self, pairs: Sequence[tuple[str, str]], path: Path) -> Path:
        """As columns `id` and `person`."""
        with self._database.cursor() as connection:
            connection.execute(
                f"COPY (SELECT unnest($1::VARCHAR[]) AS id, unnest($2::VARCHAR[]) AS person) TO '{path}' ({PACKED})",
                [[one for one, _ in pairs], [other for _, other in pairs]],
            )
        return path
