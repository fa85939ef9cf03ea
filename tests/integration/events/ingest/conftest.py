import pytest

from tests.bridge import Bridge, now
from tests.fakes.event_log import FakeEventLog
from tests.fakes.ingest import Api


@pytest.fixture
def bridge(monkeypatch):
    return Bridge(Api(monkeypatch, now, writer=FakeEventLog()))
