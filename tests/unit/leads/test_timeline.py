"""Two sources woven into one timeline, however it is paged."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from groundswell.kernel.page import Page
from groundswell.leads.timeline import Entry, done_from, newest, place, weave

START = datetime(2026, 11, 1, tzinfo=UTC)
minutes = st.lists(st.integers(0, 20), max_size=15)


def entries(channel, times):
    timeline = [Entry(f"{channel}-{n}", START + timedelta(minutes=at), channel, "x") for n, at in enumerate(times)]
    return sorted(timeline, key=place, reverse=True)


@given(noted=minutes, done=minutes, limit=st.integers(1, 5), fits=st.integers(1, 4))
def test_every_entry_comes_once_and_in_order(noted, done, limit, fits):
    """`fits` is how many events a page of the log has at most: its answers are bounded by bytes."""
    notes, acts = entries("noted", noted), entries("done", done)

    def page_of_acts(wanted, position):
        at = int(position["at"]) if position else 0
        end = at + min(wanted, max(fits, wanted - limit + 1))
        return Page(tuple(acts[at:end]), {"at": end} if end < len(acts) else None)

    listed, position = [], None
    for _ in range(2 * (len(notes) + len(acts)) + 2):
        after = position.get("noted") if position else None
        rest = [note for note in notes if after is None or place(note) < after]
        skip = int(position["skip"]) if position else 0
        acted = page_of_acts(limit + skip, done_from(position))
        page = weave(newest([rest[: limit + 1]], limit), acted, position, limit)
        listed += page.items
        position = page.next
        if position is None:
            break

    assert sorted(entry.id for entry in listed) == sorted(note.id for note in (*notes, *acts))
    assert [entry.at for entry in listed] == sorted((entry.at for entry in listed), reverse=True)
