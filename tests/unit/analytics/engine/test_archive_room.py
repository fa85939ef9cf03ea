"""More of the archive than the disk holds is refused before anything is fetched, and a shorter range is answered."""

import pytest

from groundswell.analytics.engine.adapter_files import ClientFiles, TooLarge
from groundswell.events.archiver.service import Archiver
from groundswell.events.eventlog.block import Block, encode
from groundswell.events.eventlog.model import DAY
from groundswell.events.eventlog.window import Window
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.deduplication import Incoming
from tests.fakes import oddities
from tests.fakes.engine import SHEETS
from tests.unit.analytics.questions.test_jobs import LOG, NOW, START, World


def test_an_archive_beyond_the_disk_is_asked_for_a_shorter_range(tmp_path):
    world, days = World(0), 4
    events = [oddities.Event(id=f"e{at}", kind="track", name="a", ts=START + at * DAY) for at in range(days)]
    (sk,) = world.store.append(LOG, [encode(events, START + days * DAY)], START + days * DAY)
    data = world.store.blocks(LOG, [sk])[sk]
    Committer(world.store, lambda: NOW).commit(LOG, [Incoming(sk, Block(data))])
    Archiver(world.store, world.lake, SHEETS, lambda: "2026-03-01").run(lambda: True)
    _, refs = world.lake.state(LOG)
    files = ClientFiles(world.store, world.lake, SHEETS, lambda: NOW, tmp_path, room=sum(ref.size for ref in refs) - 1)

    with pytest.raises(TooLarge, match="choose a shorter range"):
        files.files("client")
    assert not list(tmp_path.iterdir())
    assert files.files("client", within=Window(START, START + DAY)).rows == 1
