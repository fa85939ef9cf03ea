"""How far each stream consumer has come, kept in the data folder."""

from pathlib import Path

from infra.local.files import read_json, write_json


class Checkpoints:
    """Sequence numbers by function. They are strings of equal length that sort by time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._done: dict[str, str] = read_json(path, {})

    def get(self, function: str) -> str:
        """The last record it is done with, or "" before the first."""
        return self._done.get(function, "")

    def set(self, function: str, sequence_number: str) -> None:
        self._done[function] = sequence_number
        write_json(self._path, self._done)
