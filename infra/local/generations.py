"""The names of an emulator's snapshots (`state.N/`) and journals (`journal.N`)."""

from pathlib import Path


def generation(path: Path) -> int:
    return int(path.suffix[1:])


def newest(folder: Path) -> int:
    """The generation to start from: the newest whole snapshot, or 0 for an empty folder."""
    return max((generation(path) for path in folder.glob("state.*[0-9]")), default=0)
