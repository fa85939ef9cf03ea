"""Questions as SQL over the archive's objects, beside DuckDB over one ideal file of the same events: CPU time, warm.

The views are the tenant's: 30 objects by day, a tail, links between ids. The ideal file has the persons in it, integers
for them, and is sorted by time. DuckDB's process is this one, with two threads; what a process of its own costs on top
is a figure of its own.
"""

import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from duckdb import DuckDBPyConnection

from groundswell.analytics.engine.adapter_process import Sandbox
from groundswell.analytics.engine.model import AS_A_JOB, Files, Statement
from groundswell.analytics.engine.views import PERSONS, events_view
from groundswell.events.archiver.adapter_parquet import PACKED, DuckSheets, connect
from groundswell.events.archiver.layout import COLUMNS
from tests.benchmarks.paired import in_turns, ratio
from tests.benchmarks.report import Figure, Say, at_most, table

_DAYS, _TURNS = 30, 5
_DAY = 86_400_000
_FIRST = 20_500 * _DAY
_NAMES = ("Page Viewed", "Product Viewed", "Product Added", "Order Completed")


def _one_of(words: tuple[str, ...], salt: int) -> str:
    return f"{list(words)}[(1 + hash(n, {salt}) % {len(words)})::BIGINT]"


_PAGE = "'\"path\":\"/' || (hash(n, 4) % 50) || '\"'"
_PROPERTIES = (
    f'\'{{"plan":"\' || {_one_of(("free", "team", "pro"), 5)} || \'","price":\' || (hash(n, 6) % 9999) / 100 || '
    f"',\"sku\":\"sku-' || (hash(n, 7) % 500) || '\",' || {_PAGE} || '}}'"
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
    "user_id": "CASE WHEN hash(n, 2) % 5 = 0 THEN 'user-' || (hash(n, 3) % ($events // 50)) END",
    "anonymous_uuid": "md5('v' || (hash(n, 3) % ($events // 50)))::UUID::BLOB",
    "session_id": "'s' || (hash(n, 3) % ($events // 50)) || '-' || (n * 30 // $events)",
    "path": "'/' || (hash(n, 4) % 50)",
    "properties": _PROPERTIES,
    "context": _CONTEXT,
}
_QUESTIONS = {
    "count by day": f"SELECT ts // {_DAY}, count(*) FROM events GROUP BY ALL",
    "persons by day": f"SELECT ts // {_DAY}, count(DISTINCT person) FROM events GROUP BY ALL",
    "breakdown by a property, with persons": "SELECT properties ->> '$.plan', count(*), count(DISTINCT person) "
    "FROM events GROUP BY ALL",
    "percentiles of a property": "SELECT quantile_cont((properties ->> '$.price')::DOUBLE, [0.5, 0.95]) FROM events",
    "retention by week": f"""WITH seen AS (SELECT DISTINCT person, ts // {7 * _DAY} AS week FROM events),
        firsts AS (SELECT person, min(week) AS first FROM seen GROUP BY person)
        SELECT first, week - first, count(*) FROM seen JOIN firsts USING (person) GROUP BY ALL""",
    "funnel of three": """WITH steps AS (
            SELECT person, ts, name, max(CASE WHEN name = 'Page Viewed' THEN ts END) OVER before AS one FROM events
            WHERE name <> 'Product Added'
            WINDOW before AS (PARTITION BY person ORDER BY ts RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)),
        twos AS (
            SELECT *, max(CASE WHEN name = 'Product Viewed' THEN one END) OVER before AS two FROM steps
            WINDOW before AS (PARTITION BY person ORDER BY ts RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))
        SELECT count(DISTINCT person) FILTER (name = 'Page Viewed'),
            count(DISTINCT person) FILTER (name = 'Product Viewed' AND one IS NOT NULL),
            count(DISTINCT person) FILTER (name = 'Order Completed' AND two IS NOT NULL) FROM twos""",
}


def measure(say: Say, *, events: int) -> tuple[list[Figure], str]:
    say(f"{events} events in {_DAYS} objects, asked {_TURNS} times")
    with TemporaryDirectory() as folder, connect(folder, 2_000) as database:
        files, ideal, size = _written(database, Path(folder), events)
        database.execute(events_view(files.events, files.links))
        database.execute(PERSONS)
        rows, ratios = [], list[float]()
        for name, sql in _QUESTIONS.items():
            peer = sql.replace("FROM events", f"FROM read_parquet('{ideal}')")
            times = in_turns(
                {
                    "lake": lambda sql=sql: database.execute(sql).fetchall(),
                    "ideal": lambda sql=peer: database.execute(sql).fetchall(),
                },
                turns=_TURNS,
                repeats=1,
            )
            ratios.append(ratio(times["lake"], times["ideal"]))
            spent = [f"{statistics.median(times[each]) * 1e3:.0f}" for each in ("lake", "ideal")]
            rows.append((name, *spent, f"{ratios[-1]:.2f}"))
        began = time.perf_counter()
        Sandbox().run(Statement("SELECT 1"), files, AS_A_JOB)
        process = time.perf_counter() - began
    figures = [
        at_most("archive: bytes an event, ids UUIDs", size / events, 48, spell="{:.1f}"),
        at_most("SQL over the archive to one ideal file, the worst of six", max(ratios), 1.5),
        Figure("ms of the clock to start the process of a statement", f"{process * 1e3:.0f}"),
    ]
    title = f"SQL over {events:,} events, {size / events:.1f} bytes each: ms of CPU, two threads"
    return figures, table(title, ("question", "lake", "ideal", "ratio"), rows)


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
        f"COPY (SELECT ts, name, hash(anonymous_uuid) AS person, properties FROM made ORDER BY ts) "
        f"TO '{ideal}' ({PACKED})"
    )
    database.execute("DROP TABLE made")
    return files, ideal, sum(path.stat().st_size for path in paths)
