"""Questions as SQL over the archive's objects, beside the same SQL over one ideal file of the same events: CPU time,
warm.

The lake is 30 objects by day and links between ids. The ideal file is sorted by time, has the persons in it, integers
for them, and no column that no question asks for. DuckDB's process is this one, with two threads; what a process of its
own costs a tenant's SQL on top is a figure of its own.
"""

import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from duckdb import DuckDBPyConnection

from groundswell.analytics.engine.adapter_process import Sandbox
from groundswell.analytics.engine.model import AS_A_JOB, Files, Statement
from groundswell.analytics.engine.stored_question import emitted_of
from groundswell.analytics.engine.views import logged_view
from groundswell.events.archiver.adapter_parquet import PACKED, DuckSheets, connect
from groundswell.events.archiver.layout import COLUMNS
from tests.benchmarks.paired import in_turns, ratio
from tests.benchmarks.report import Figure, Say, at_most, table

_DAYS, _TURNS = 30, 5
_DAY = 86_400_000
_FIRST = 20_500 * _DAY
_NAMES = ("Page Viewed", "Product Viewed", "Product Added", "Order Completed")


def _one_of(words: tuple[str, ...], salt: int) -> str:
    return f"{list(words)}[(1 + hash(16 * n + {salt}) % {len(words)})::BIGINT]"


_PAGE = "'\"path\":\"/' || (hash(16 * n + 4) % 50) || '\"'"
_PROPERTIES = (
    f'\'{{"plan":"\' || {_one_of(("free", "team", "pro"), 5)} || \'","price":\' || (hash(16 * n + 6) % 9999) / 100 || '
    f"',\"sku\":\"sku-' || (hash(16 * n + 7) % 500) || '\",' || {_PAGE} || '}}'"
)
_AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0"
_CONTEXT = (
    f'\'{{"page":{{\' || {_PAGE} || \'}},"userAgent":"{_AGENT}","locale":"en","ip":"203.0.113.0",'
    '"library":{"name":"analytics.js","version":"2.11"}}\''
)
_MADE = dict.fromkeys(COLUMNS, "NULL") | {
    "block": "'B#' || lpad((n // 100)::VARCHAR, 13, '0')",
    "position": "n % 100",
    "ts": f"{_FIRST} + n * {_DAYS * _DAY} // $events",
    "received_at": f"{_FIRST} + n * {_DAYS * _DAY} // $events + 900",
    "ts_quality": "'client'",
    "id_uuid": "uuid()::BLOB",
    "kind": "'track'",
    "name": _one_of(_NAMES, 1),
    "user_id": "CASE WHEN hash(16 * n + 2) % 5 = 0 THEN 'user-' || (hash(16 * n + 3) % ($events // 50)) END",
    "anonymous_uuid": "md5('v' || (hash(16 * n + 3) % ($events // 50)))::UUID::BLOB",
    "session_id": "'s' || (hash(16 * n + 3) % ($events // 50)) || '-' || (n * 30 // $events)",
    "path": "'/' || (hash(16 * n + 4) % 50)",
    "properties": _PROPERTIES,
    "context": _CONTEXT,
}
_ANY: dict[str, Any] = {"name": None, "where": []}
_PLAIN: dict[str, Any] = {"of": None, "currency": None, "top": 10}
_ASKED: dict[str, dict[str, Any]] = {
    "count by name": {"kind": "breakdown", "by": "name", "measure": "count", **_PLAIN, **_ANY},
    "persons by day": {"kind": "uniques", "granularity": "day", **_ANY},
    "breakdown by a property, with persons": {
        "kind": "breakdown",
        "by": "properties.plan",
        "measure": "unique",
        **_PLAIN,
        **_ANY,
    },
    "funnel of four": {
        "kind": "funnel",
        "steps": [{"name": name, "where": []} for name in _NAMES],
        "by": None,
        "within_seconds": _DAYS * 86_400,
    },
    "retention by week": {
        "kind": "retention",
        "start": _ANY,
        "return": _ANY,
        "period": "week",
        "periods": 4,
        "first_time": True,
    },
    "sessions by day": {"kind": "sessions", "granularity": "day", "top": 10, **_ANY},
    "paths of three": {
        "kind": "paths",
        "start": {"name": _NAMES[0], "where": []},
        "among": _ANY,
        "steps": 3,
        "top": 10,
        "within_seconds": 3_600,
    },
}
_RANGE = {"from": _FIRST, "to": _FIRST + _DAYS * _DAY, "timezone": "UTC"}
_IDEAL = """
CREATE TEMP VIEW logged AS
SELECT 0 AS block, position, ts, who, name, 'track' AS kind, session_id, properties, NULL::VARCHAR AS context,
    NULL::VARCHAR AS extra FROM read_parquet('{path}')
"""


def measure(say: Say, *, events: int) -> tuple[list[Figure], str]:
    say(f"{events} events in {_DAYS} objects, asked {_TURNS} times")
    with TemporaryDirectory() as folder, connect(folder, 2_000) as database:
        files, ideal, size = _written(database, Path(folder), events)
        database.execute("SET parquet_metadata_cache = true")
        lake, peer = database.cursor(), database.cursor()
        lake.execute(logged_view(files.events, files.links))
        peer.execute(_IDEAL.format(path=ideal))
        rows, ratios, longest = [], list[float](), 0.0
        for name, question in _ASKED.items():
            statement = emitted_of(json.dumps(_RANGE | question), _FIRST).statement
            times = in_turns({"lake": _run(lake, statement), "ideal": _run(peer, statement)}, turns=_TURNS, repeats=1)
            ratios.append(ratio(times["lake"], times["ideal"]))
            spent = [statistics.median(times[engine]) * 1e3 for engine in ("lake", "ideal")]
            longest = max(longest, spent[0])
            rows.append((name, *(f"{milliseconds:.0f}" for milliseconds in spent), f"{ratios[-1]:.2f}"))
        began = time.perf_counter()
        Sandbox().run(Statement("SELECT 1"), files, AS_A_JOB)
        process = time.perf_counter() - began
    figures = [
        at_most("archive: bytes an event, ids UUIDs", size / events, 48, spell="{:.1f}"),
        at_most("questions over the archive to one ideal file, the worst of seven", max(ratios), 1.5),
        at_most("ms of CPU of the longest of them, at 100,000 events", longest * 100_000 / events, 100, spell="{:.0f}"),
        Figure("ms of the clock to start the process of a statement", f"{process * 1e3:.0f}"),
    ]
    title = f"SQL over {events:,} events, {size / events:.1f} bytes each: ms of CPU, two threads"
    return figures, table(title, ("question", "lake", "ideal", "ratio"), rows)


def _run(database: DuckDBPyConnection, statement: Statement) -> Callable[[], object]:
    return lambda: database.execute(statement.sql, statement.parameters).fetchall()


def _written(database: DuckDBPyConnection, folder: Path, events: int) -> tuple[Files, Path, int]:
    """The objects of 30 days and the links of a fifth of the visitors; the ideal file; the objects' bytes."""
    made = ", ".join(f"({made})::{COLUMNS[name][0]} AS {name}" for name, made in _MADE.items())
    database.execute(f"CREATE TABLE made AS SELECT {made} FROM range($events) AS numbers(n)", {"events": events})
    paths = []
    for day in range(_DAYS):
        paths.append(folder / f"{day}.parquet")
        which = f"ts // {_DAY} = {_FIRST // _DAY + day}"
        database.execute(f"COPY (SELECT * FROM made WHERE {which} ORDER BY ts) TO '{paths[-1]}' ({PACKED})")
    known = database.execute(
        "SELECT DISTINCT anonymous_uuid::UUID::VARCHAR, user_id FROM made WHERE user_id IS NOT NULL"
    ).fetchall()
    pairs = [("a" + visitor, user) for visitor, user in known]
    links = DuckSheets().save_pairs(pairs, folder / "links")
    files = Files(tuple(map(str, paths)), str(links), 0, events)
    ideal = folder / "ideal.parquet"
    database.execute(
        "COPY (SELECT ts, position, name, hash(anonymous_uuid) AS who, session_id, properties FROM made ORDER BY ts) "
        f"TO '{ideal}' ({PACKED})"
    )
    database.execute("DROP TABLE made")
    return files, ideal, sum(path.stat().st_size for path in paths)
