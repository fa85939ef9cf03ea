"""What a keyring remembers of a key's use."""

from datetime import timedelta

from functions.ingest.keyring import Keyring
from groundswell.access.model import USE_NOTED_EVERY
from tests.clock import Clock
from tests.fakes.ingest import KEY, FakeKeys, grant


class BusyKeys(FakeKeys):
    busy = True

    def note_use(self, public_id, at):
        return super().note_use(public_id, at) and not self.busy


def test_a_use_is_noted_once_an_hour_and_again_where_that_failed():
    keys, clock = BusyKeys(grant()), Clock()
    keyring = Keyring(keys, clock, timedelta(days=1))

    for _ in range(3):
        keyring.client_of(KEY)
    assert len(keys.noted) == 3
    keys.busy = False
    for _ in range(3):
        keyring.client_of(KEY)
    assert len(keys.noted) == 4
    clock.advance(seconds=USE_NOTED_EVERY)
    keyring.client_of(KEY)
    assert len(keys.noted) == 5
