"""The process that runs one statement of a tenant: it reads what to do as JSON from its input, and answers with JSON.

Started by its path, with an empty environment, it knows nothing of ours. It may map so much memory, use so much of the
processor, write no file and open none but those it was told of; and what these hold is one client's.
"""

import json
import resource
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MB = 1024 * 1024
_PAGE = 1_000
_COLUMNS = 1_000
_LOCKED = {
    "enable_external_access": False,
    "lock_configuration": True,
    "python_enable_replacements": False,
    "autoload_known_extensions": False,
    "autoinstall_known_extensions": False,
}


class Refused(Exception):
    """What the tenant is told; `heavy` if it is about size."""

    def __init__(self, text: str, *, heavy: bool = False) -> None:
        super().__init__(text)
        self.heavy = heavy


def main() -> None:
    work = json.loads(sys.stdin.buffer.read())
    sys.path[:] = work["path"]
    bound(work["limits"])
    try:
        output = run(work)
    except Refused as refused:
        output = json.dumps({"refused": str(refused)[:1_000], "heavy": refused.heavy}).encode()
    except (MemoryError, RecursionError):
        output = b'{"refused": "it needs more memory than it may", "heavy": true}'
    sys.stdout.buffer.write(output)


def run(work: Mapping[str, Any]) -> bytes:
    import duckdb

    options: dict[str, Any] = {
        "autoload_known_extensions": "false",
        "autoinstall_known_extensions": "false",
        "memory_limit": f"{work['limits']['megabytes'] // 2}MB",
        "threads": "2",
    }
    database = duckdb.connect(":memory:", config=options)
    prepare(database, work)
    try:
        statements = database.extract_statements(work["sql"])
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise Refused("one SELECT statement is answered, and nothing else")
        statement = f"EXPLAIN (FORMAT json) {work['sql']}" if work.get("explain") else statements[0]
        return table(database.execute(statement, work["parameters"] or None), work["limits"])
    except duckdb.OutOfMemoryException as error:
        raise Refused("it needs more memory than it may", heavy=True) from error
    except (duckdb.Error, OverflowError, ValueError) as error:
        raise Refused(str(error).replace(work["folder"], "")) from error


def bound(limits: Mapping[str, int]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits["megabytes"] * _MB,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"] * 2,) * 2)  # two threads
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def prepare(database: "DuckDBPyConnection", work: Mapping[str, Any]) -> None:
    """The views, and then a lock on all else. It is read back: a setting that failed would leave a door open."""
    allowed = ", ".join("'" + path.replace("'", "''") + "'" for path in work["files"])
    wanted = {
        "temp_directory": "''",
        "allowed_paths": f"[{allowed}]",
        "python_enable_replacements": "false",
        "max_expression_depth": "200",
        "TimeZone": "'UTC'",
    }
    for name, value in wanted.items():
        database.execute(f"SET {name} = {value}")
    for view in work["views"]:
        database.execute(view)
    database.execute("SET enable_external_access = false")
    database.execute("SET lock_configuration = true")
    for name, locked in _LOCKED.items():
        setting = database.execute("SELECT current_setting(?)", [name]).fetchone()
        if setting != (locked,):
            raise SystemExit(f"{name} is {setting}")


def table(cursor: "DuckDBPyConnection", limits: Mapping[str, int]) -> bytes:
    """The answer as JSON: its size is bounded while it is written."""
    import msgspec

    encoder = msgspec.json.Encoder(decimal_format="number")
    columns = [{"name": name, "type": str(kind)} for name, kind, *_ in cursor.description or ()]
    if len(columns) > _COLUMNS:
        raise Refused(f"more than {_COLUMNS} columns", heavy=True)
    rows, size = list[bytes](), 0
    while page := cursor.fetchmany(_PAGE):
        for row in page:
            rows.append(encoder.encode([plain(value) for value in row]))
            size += len(rows[-1])
            if len(rows) > limits["rows"] or size > limits["size"]:
                most = f"{limits['rows']} rows or {limits['size'] // 1_000_000} MB"
                raise Refused(f"more than {most}: use LIMIT, or select less", heavy=True)
    return b'{"columns": ' + encoder.encode(columns) + b', "rows": [' + b",".join(rows) + b"]}"


def plain(value: Any) -> Any:
    """As JSON has it: no digit lost, times in UTC, what is no number null."""
    match value:
        case int() if not isinstance(value, bool) and not -(1 << 63) <= value < 1 << 63:
            return Decimal(value)
        case Decimal() if not value.is_finite():
            return None
        case datetime():
            spelled = value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)
            return spelled.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
        case list() | tuple():
            return [plain(element) for element in value]
        case dict():
            return {str(name): plain(member) for name, member in value.items()}
        case _:
            return value


if __name__ == "__main__":
    main()
