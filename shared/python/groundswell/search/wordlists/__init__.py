"""Lists of words, in lower case."""

from pathlib import Path


def words(name: str) -> frozenset[str]:
    return frozenset((Path(__file__).parent / f"{name}.txt").read_text().split())
