"""Statements that want out of the sandbox, and statements that want all of the machine: none gets either."""

import json
import sys
import time

import duckdb
import pytest

from groundswell.analytics.engine import adapter_sandbox
from groundswell.analytics.engine.adapter_process import Sandbox
from groundswell.analytics.engine.model import AT_ONCE, Files, Limits, SqlRefused, SqlTooHeavy, Statement
from groundswell.analytics.engine.views import PERSONS, events_view
from groundswell.events.archiver.adapter_parquet import DuckSheets
from groundswell.events.archiver.layout import Row, of_rows
from groundswell.events.eventlog.model import Event

SMALL = Limits(seconds=4, megabytes=1_200, rows=1_000, size=100_000)
ELSEWHERE = [
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM read_blob('/proc/self/environ')",
    "SELECT * FROM glob('/*')",
    "SELECT * FROM read_parquet('{other}')",
    "SELECT * FROM read_parquet('{folder}/*')",
    "SELECT * FROM '{folder}/../other.parquet'",
    "SELECT * FROM parquet_metadata('{other}')",
    "SELECT * FROM read_json('http://127.0.0.1:1/')",
    "SELECT * FROM read_parquet('s3://bucket/x')",
    "SELECT * FROM read_ndjson_auto('/etc/hosts')",
    "SELECT * FROM sniff_csv('/etc/hosts')",
    "SELECT * FROM sqlite_scan('/tmp/x', 'y')",
    "SELECT * FROM query('ATTACH ''/tmp/q.db''')",
    "SELECT * FROM query('SELECT 1; SELECT 2')",
    "SELECT * FROM work",
    "SELECT getenv('PATH')",
    "SELECT * FROM events WHERE client_id = 'other'",
    "SELECT * FROM other.events",
    "SELECT error('x')",
    "SELECT regexp_matches(name, '(') FROM events",
    "SELECT json_extract('{{', '$.a')",
    "SELECT 1/0 FROM events WHERE ts::UUID IS NULL",
    "SELECT " + "(" * 5_000 + "1" + ")" * 5_000,
    "SELECT " + "+".join(["1"] * 5_000),
    "SELEC 1",
    "",
    ";",
]
NO_SELECT = [
    "ATTACH '/tmp/x.db'",
    "COPY events TO '/tmp/x.csv'",
    "COPY (SELECT 1) TO '/dev/stdout'",
    "EXPORT DATABASE '/tmp/x'",
    "IMPORT DATABASE '/tmp/x'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET memory_limit = '100GB'",
    "SET enable_external_access = true",
    "SET allowed_paths = ['/etc/passwd']",
    "RESET lock_configuration",
    "PRAGMA database_list",
    "CALL pragma_version()",
    "CREATE TABLE x AS SELECT 1",
    "CREATE OR REPLACE VIEW events AS SELECT 1",
    "CREATE SECRET s (TYPE s3)",
    "DROP VIEW events",
    "INSERT INTO events VALUES (1)",
    "UPDATE events SET name = 'x'",
    "DELETE FROM events",
    "BEGIN",
    "CHECKPOINT",
    "VACUUM",
    "USE memory",
    "DETACH memory",
    "PREPARE x AS SELECT 1",
    "EXECUTE x",
    "EXPLAIN SELECT 1",
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP VIEW events",
]
HEAVY = [
    "SELECT count(*) FROM range(100000000000) a, range(1000) b",
    "SELECT lpad('x', 2000000000, 'y')",
    "SELECT string_agg(repeat('x', 1000000), ',') FROM range(10000)",
    "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r",
    "SELECT * FROM range(2000)",
    "SELECT repeat('x', 200000)",
    "SELECT " + ", ".join(f"{at} AS c{at}" for at in range(2_000)),
]


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    """Of a client with two events; another client's file lies beside."""
    folder = tmp_path_factory.mktemp("lake") / "client"
    folder.mkdir()
    sheets = DuckSheets()
    paths = [folder / "1.parquet", folder.parent / "other.parquet"]
    for path, name in zip(paths, ("mine", "theirs"), strict=True):
        events = [Event(id=str(at), kind="track", name=name, ts=at, user_id="ada") for at in range(2)]
        with sheets.sheet() as sheet:
            sheet.add(of_rows([Row("B", at, 1, event) for at, event in enumerate(events)]))
            sheet.save(path)
    return {
        "files": [str(paths[0])],
        "folder": str(folder),
        "other": str(paths[1]),
        "views": [events_view([str(paths[0])], None), PERSONS],
        "limits": vars(SMALL),
        "path": sys.path,
        "parameters": [],
    }


def run(work, sql):
    """In this process, with all its locks but the limits of processes."""
    return json.loads(adapter_sandbox.run(work | {"sql": sql}))


@pytest.mark.parametrize("sql", [*ELSEWHERE, *NO_SELECT])
def test_nothing_is_reached_but_the_own_views(work, sql):
    with pytest.raises(adapter_sandbox.Refused) as refused:
        run(work, sql.format(**work) if sql.startswith("SELECT *") else sql)

    assert not refused.value.heavy
    assert work["folder"] not in str(refused.value)


def test_a_setting_that_failed_keeps_the_sandbox_shut(work, monkeypatch):
    monkeypatch.setitem(adapter_sandbox._LOCKED, "enable_external_access", True)

    with pytest.raises(SystemExit, match="enable_external_access is"):
        run(work, "SELECT 1")


def test_what_writes_inside_a_select_writes_nowhere_that_lasts(work):
    with pytest.raises(adapter_sandbox.Refused):
        run(work, "WITH x AS (INSERT INTO events SELECT * FROM events RETURNING 1) SELECT * FROM x")

    assert run(work, "SELECT name, count(*) FROM events GROUP BY ALL")["rows"] == [["mine", 2]]


@pytest.mark.parametrize("sql", HEAVY)
def test_what_takes_too_much_is_ended(work, sql):
    began = time.monotonic()
    with pytest.raises(SqlTooHeavy):
        Sandbox().run(Statement(sql), Files(tuple(work["files"]), None, 0, 2), SMALL)

    assert time.monotonic() - began < 60, "even on a busy machine"


def test_the_process_has_no_environment_and_writes_no_file(work, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    files = Files(tuple(work["files"]), None, 0, 2)

    with pytest.raises(SqlRefused):
        Sandbox().run(Statement("SELECT getenv('AWS_SECRET_ACCESS_KEY')"), files, AT_ONCE)


def test_values_keep_their_digits_and_times_are_in_utc(work):
    sql = (
        "SELECT 10::HUGEINT ** 0 + 170141183460469231731687303715884105726::HUGEINT AS h, 1.10::DECIMAL(38, 18) AS d, "
        "'nan'::DOUBLE AS n, TIMESTAMPTZ '2026-03-01 00:00:00+02' AS t, DATE '2026-03-01' AS day, [1, NULL] AS l, "
        "{'a': 'ü'} AS s, MAP {'k': 1} AS m, '\\xAA'::BLOB AS b, true AS y, NULL AS z"
    )
    sql = sql.replace("10::HUGEINT ** 0 + ", "1::HUGEINT + ")
    text = adapter_sandbox.run(work | {"sql": sql}).decode()

    assert "170141183460469231731687303715884105727,1.100000000000000000,null" in text
    assert json.loads(text)["rows"][0][3:] == [
        "2026-02-28T22:00:00.000Z",
        "2026-03-01",
        [1, None],
        {"a": "ü"},
        {"k": 1},
        "qg==",
        True,
        None,
    ]


@pytest.mark.parametrize("parameters", [["mine"], {"n": "mine"}])
def test_parameters_are_values_and_never_text_of_the_statement(work, parameters):
    sql = "SELECT count(*) FROM events WHERE name = " + ("?" if isinstance(parameters, list) else "$n")
    inject = {"n": "x' OR true --"} if isinstance(parameters, dict) else ["x' OR true --"]

    assert json.loads(adapter_sandbox.run(work | {"sql": sql, "parameters": parameters}))["rows"] == [[2]]
    assert json.loads(adapter_sandbox.run(work | {"sql": sql, "parameters": inject}))["rows"] == [[0]]
    with pytest.raises(adapter_sandbox.Refused):
        run(work, sql)


def test_the_engine_is_the_one_that_was_tried():
    assert duckdb.__version__.startswith("2.")
