"""Functions import without collecting garbage, and collect it once they are ready."""

import gc
import importlib

import pytest

import functions
from groundswell.storage import client


@pytest.fixture(autouse=True)
def lambda_environment(monkeypatch):
    monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    client.session.cache_clear()
    importlib.reload(functions)
    assert not gc.isenabled()
    yield
    gc.enable()
    gc.unfreeze()
    client.session.cache_clear()


@pytest.mark.parametrize("ready", [client.open_early, client.session])
def test_garbage_is_collected_as_soon_as_a_function_is_ready_or_opens_a_client(ready):
    ready()

    assert gc.isenabled()
