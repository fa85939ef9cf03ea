"""Rollup pages: which page owns a name, and what the deltas make of it. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from groundswell.events.eventlog.records import OTHER, PAGE_NAMES, PAGES, Cells, Page, Tally, add


@dataclass(frozen=True)
class Delta:
    """What commit `n` adds to one slot of a bucket."""

    n: int
    name: str
    slot: int
    tally: Tally


def fold(
    bucket: int, pages: Sequence[Page], deltas: Sequence[Delta], through: int
) -> Iterator[tuple[Page, Page | None]]:
    """The pages that change, each with what it was.

    A page takes only deltas above its own watermark, so a fold that died half way, or that another consumer overtook,
    is simply done again. That works because who owns a name never changes: pages take names until they are full.
    """
    left, number = list(deltas), 0
    while left:
        page = pages[number] if number < len(pages) else None
        before: Cells = page.cells if page else {}
        owned, left = _divide(before, left, last=number == PAGES - 1)
        due = [delta for delta in owned if page is None or delta.n > page.w]
        if due:
            cells = {name: dict(row) for name, row in before.items()}
            for delta in due:
                add(cells, delta.name, delta.slot, delta.tally)
            yield Page(bucket, number, through, {name: _without_nothing(row) for name, row in cells.items()}), page
        number += 1


def _without_nothing(row: dict[int, Tally]) -> dict[int, Tally]:
    """An erasure may leave nothing of a minute; the name stays where it is."""
    return {slot: tally for slot, tally in row.items() if tally.count or tally.total}


def _divide(cells: Cells, deltas: list[Delta], *, last: bool) -> tuple[list[Delta], list[Delta]]:
    """The deltas whose names the page owns or can still take, and the rest."""
    names, owned, left = set(cells), [], []
    for delta in deltas:
        if delta.name not in names and len(names - {OTHER}) < PAGE_NAMES:
            names.add(delta.name)
        if delta.name in names:
            owned.append(delta)
        elif last:
            owned.append(Delta(delta.n, OTHER, delta.slot, delta.tally))
        else:
            left.append(delta)
    return owned, left
