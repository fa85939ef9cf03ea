"""What an alert knows of itself between two evaluations: what is open, and what is still to be told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from groundswell.alerts.instances import Status
from groundswell.alerts.model import Severity

type Fingerprint = tuple[tuple[str, str], ...]
SHOWN = 50
"""Results that an alert keeps to be looked at."""


def fingerprint(dimensions: Mapping[str, str]) -> Fingerprint:
    return tuple(sorted(dimensions.items()))


class News(StrEnum):
    """What is still to be told of an instance; then its log, its task and its webhook are still to be written."""

    NONE = ""
    FIRING = "firing"
    RESOLVED = "resolved"
    LOG_FIRING = "log_firing"
    LOG_RESOLVED = "log_resolved"

    @property
    def untold(self) -> bool:
        return self in (News.FIRING, News.RESOLVED)

    @property
    def unlogged(self) -> bool:
        return self in (News.LOG_FIRING, News.LOG_RESOLVED)


TOLD = {News.FIRING: News.LOG_FIRING, News.RESOLVED: News.LOG_RESOLVED}


@dataclass(frozen=True)
class Telling:
    """One time that an alert tells: ids of its mails follow from it."""

    at: datetime
    key: str


@dataclass(frozen=True)
class Entry:
    """One open instance. One that has ended stays until its end is told; one that somebody ended `rests` until the
    figure is back to normal, so that what they know of does not call them again."""

    instance_id: str
    dimensions: Mapping[str, str]
    status: Status
    severity: Severity
    since: datetime
    value: Decimal | None = None
    threshold: Decimal | None = None
    forced: bool = False
    announced: bool = False
    news: News = News.NONE
    rests: bool = False
    telling: Telling | None = None
    """In which it was told, until that is written into its log."""
    provisional: bool = False

    @property
    def fingerprint(self) -> Fingerprint:
        return fingerprint(self.dimensions)


class Verdict(StrEnum):
    OK = "ok"
    PENDING = "pending"
    FIRING = "firing"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Result:
    """`reason` says why a value is unknown."""

    dimensions: Mapping[str, str]
    value: Decimal | None = None
    state: Verdict = Verdict.UNKNOWN
    reason: str | None = None
    provisional: bool = False


@dataclass(frozen=True)
class State:
    """`due` is the newest due time that was evaluated, `told_at` when somebody was last told."""

    alert_id: str
    client_id: str
    due: datetime | None = None
    evaluated_at: datetime | None = None
    told_at: datetime | None = None
    verdict: Verdict | None = None
    results: tuple[Result, ...] = ()
    entries: tuple[Entry, ...] = field(default_factory=tuple)
    version: int = 0

    @property
    def open(self) -> Mapping[Fingerprint, Entry]:
        return {entry.fingerprint: entry for entry in self.entries if entry.status.is_open}

    @property
    def resting(self) -> Mapping[Fingerprint, Entry]:
        return {entry.fingerprint: entry for entry in self.entries if entry.rests}

    def with_entries(self, changed: Iterable[Entry]) -> "State":
        """Those in the place of what they were, or added. What has ended, owes no news
        and rests no more is dropped."""
        known = {entry.instance_id: entry for entry in self.entries} | {entry.instance_id: entry for entry in changed}
        kept = tuple(entry for entry in known.values() if entry.status.is_open or entry.news or entry.rests)
        return replace(self, entries=kept)
