"""Questions over a few events, as the engine's own process answers them."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from groundswell.analytics.engine import adapter_sandbox
from groundswell.analytics.engine.model import AT_ONCE, Statement, Table
from groundswell.analytics.engine.questions import Question
from groundswell.analytics.engine.views import PERSONS, events_view
from groundswell.events.archiver.adapter_parquet import DuckSheets
from groundswell.events.archiver.layout import Row, of_rows
from groundswell.events.eventlog.model import Event

_PARTS = ("properties", "traits", "context", "web3", "source", "extra")


def happened(at: int, ts: int, name: str = "viewed", person: str | None = "p", **fields: Any) -> Event:
    """An event of a user; `properties`, `context` and so on are objects."""
    parts = {part: json.dumps(fields.pop(part)).encode() for part in _PARTS if part in fields}
    return Event(**{"id": f"e{at}", "kind": "track", "name": name, "ts": ts, "user_id": person, **fields, **parts})


class FakeLake:
    def __init__(self, folder: Path, events: Sequence[Event]) -> None:
        with DuckSheets().sheet() as sheet:
            sheet.add(of_rows([Row("B", at, 1, event) for at, event in enumerate(events)]))
            self.path = str(sheet.save(folder / "1.parquet"))

    def run(self, statement: Statement) -> Table:
        work = {
            "sql": statement.sql,
            "parameters": statement.parameters,
            "files": [self.path],
            "folder": str(Path(self.path).parent),
            "views": [events_view([self.path], None), PERSONS],
            "limits": vars(AT_ONCE),
            "path": sys.path,
        }
        output = adapter_sandbox.run(json.loads(json.dumps(work)))
        return msgspec.json.decode(output, type=Table)

    def ask(self, question: Question) -> dict[str, Any]:
        return question.answer(self.run(question.statement), 0)
