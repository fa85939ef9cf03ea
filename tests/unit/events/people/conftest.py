import pytest

from groundswell.events.people import merging
from groundswell.events.rollups import committer as protocol


@pytest.fixture(autouse=True)
def small_steps(monkeypatch):
    """Every mechanism at work in a short history."""
    monkeypatch.setattr(protocol, "_FOLD_EVERY", 5)
    monkeypatch.setattr(protocol, "_GROUP_BLOCKS", 8)
    monkeypatch.setattr(merging, "EVERY", 5)
    monkeypatch.setattr(merging, "FEW", 3)
