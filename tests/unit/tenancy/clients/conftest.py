import itertools
from unittest.mock import Mock

import pytest

from groundswell.tenancy.clients.apikeys import KeyService
from tests.clock import Clock
from tests.fakes.clients import FakeClientStore


@pytest.fixture
def store() -> FakeClientStore:
    return FakeClientStore()


@pytest.fixture
def keys(store: FakeClientStore, clock: Clock) -> KeyService:
    numbers = itertools.count(1)
    return KeyService(store, clock, lambda: f"{next(numbers):036d}", lambda size: f"{next(numbers):043d}", Mock())
