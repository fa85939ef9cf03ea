"""What rollup pages must say, from the blocks: the same counts by another way. Pure."""

from collections.abc import Collection, Iterator, Sequence

from groundswell.events.eventlog.records import OTHER, PAGE_NAMES, PAGES, Cells, Page, Tally, add
from groundswell.events.rollups.pages import Delta


def corrected(
    bucket: int, pages: Sequence[Page], deltas: Sequence[Delta], slots: Collection[int], folded: int
) -> Iterator[tuple[Page, Page | None]]:
    """The pages that are wrong in those slots, as they must be, each with what it is.

    `deltas` are all that the blocks say about the slots. A page holds them up to its watermark, or up to where the log
    is folded, whichever is later; who owns a name stays as it is.
    """
    owners = _owners(pages, deltas, folded)
    for number in range(max((len(pages), *(owner + 1 for owner in owners.values())))):
        page = pages[number] if number < len(pages) else None
        reached = max(page.w, folded) if page else folded
        cells: Cells = {name: {} for name, owner in owners.items() if owner == number}
        for name, row in page.cells.items() if page else ():
            cells[name] = {slot: tally for slot, tally in row.items() if slot not in slots}
        for delta in deltas:
            name = delta.name if delta.name in owners else OTHER
            if delta.n <= reached and owners.get(name, PAGES - 1) == number:
                add(cells, name, delta.slot, delta.tally)
        if page is None or cells != page.cells:
            yield Page(bucket, number, reached, cells), page


def _owners(pages: Sequence[Page], deltas: Sequence[Delta], folded: int) -> dict[str, int]:
    """Which page owns a name. A name that no page knows goes where the fold should have put it."""
    owners = {name: page.number for page in pages for name in page.cells if name != OTHER}
    filled = {page.number: len(page.cells.keys() - {OTHER}) for page in pages}
    for delta in deltas:
        if delta.name in owners or delta.n > folded:
            continue
        room = next((number for number in range(PAGES) if filled.get(number, 0) < PAGE_NAMES), None)
        if room is not None:
            owners[delta.name] = room
            filled[room] = filled.get(room, 0) + 1
    return owners


def difference(right: Page, wrong: Page | None) -> int:
    """By how many events a page is off; a wrong sum counts as one."""
    was = wrong.cells if wrong else {}
    off = 0
    for name in right.cells.keys() | was.keys():
        a, b = right.cells.get(name, {}), was.get(name, {})
        for slot in a.keys() | b.keys():
            one, other = a.get(slot, Tally(0)), b.get(slot, Tally(0))
            # A sum of nothing and a sum of zero are told apart by nobody: an erasure leaves the one for the other.
            off += abs(one.count - other.count) or (one.total or 0) != (other.total or 0)
    return off
