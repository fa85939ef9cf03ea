"""The clock that handlers and schedules see: the real one plus an offset that only grows, kept in the data folder."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from infra.local.files import read_json, write_json


class StageClock:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = float(read_json(path, {"offset_seconds": 0.0})["offset_seconds"])

    @property
    def offset(self) -> float:
        """Seconds ahead of the real clock."""
        return self._offset

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._offset)

    def advance_to(self, moment: datetime) -> None:
        """Never back."""
        self.set_offset((moment - datetime.now(UTC)).total_seconds())

    def set_offset(self, seconds: float) -> None:
        """A smaller one than there is changes nothing."""
        self._offset = max(self._offset, seconds)
        write_json(self._path, {"offset_seconds": self._offset})
