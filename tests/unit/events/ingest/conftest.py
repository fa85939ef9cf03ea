"""The ingest function over keys and a writer in memory, at noon."""

import pytest

from tests.fakes.ingest import NOW, Api


@pytest.fixture
def api(monkeypatch):
    return Api(monkeypatch, lambda: NOW)
