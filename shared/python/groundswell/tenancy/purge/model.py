"""The report of a purge."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    RUNNING = "running"
    FINISHED = "finished"


@dataclass(frozen=True)
class Report:
    """`counts` are the items deleted so far, by kind. A process that dies between a deletion and its note leaves up to
    one page of a kind uncounted; nothing is left undeleted."""

    org_id: str
    client_id: str
    client_name: str
    state: State
    deleted_at: datetime
    started_at: datetime
    finished_at: datetime | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    version: int = 0

    def with_deleted(self, kind: str, number: int) -> "Report":
        return replace(self, counts={**self.counts, kind: self.counts.get(kind, 0) + number})

    def finished(self, now: datetime) -> "Report":
        return replace(self, state=State.FINISHED, finished_at=now)


@dataclass(frozen=True)
class Due:
    """A client whose time is over. `key` is what the store remembers it by."""

    key: str
    client_id: str
    org_id: str
