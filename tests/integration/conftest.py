"""AWS for the integration tier: `moto` in this process for one thread, `emulator` for concurrency and streams.

Both are made once, and a module's tests find what those before them left behind: every test makes data of its own.
"""

import io
import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.backend import Backend, MotoClients, environment, forget
from tests.calls import Calls
from tests.gateway import Gateway
from tests.people import People

_FAKE_ACCESS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}
_addresses = itertools.count(1)


@pytest.fixture(scope="session", autouse=True)
def _cheap_hashes() -> Iterator[None]:
    """Argon2 at its real price would cost these tests a minute; the unit tests of passwords pay it."""
    from argon2 import PasswordHasher

    from groundswell.tenancy.auth import passwords

    with pytest.MonkeyPatch.context() as patch:
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "_hasher", cheap)
        patch.setattr(passwords, "_nobodys", lambda: cheap.hash("nobody has this password"))
        yield


@pytest.fixture(scope="session", autouse=True)
def _patience() -> Iterator[None]:
    """A dependency that is slow because this machine is busy is not ill; unit tests say what a second does.

    Nor is a call sent again that only took long: it would count twice where one retry too many is what a test counts.
    """
    from groundswell.admin.system import service
    from groundswell.storage import client

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service, "PATIENCE", 60.0)
        patch.setattr(client, "CONNECT_SECONDS", 60)
        patch.setattr(client, "READ_SECONDS", 60)
        yield


@contextmanager
def _current(backend: Backend) -> Iterator[Backend]:
    """This process belongs to that backend for one test."""
    forget()
    backend.settings.clear()
    with environment(backend.everything()):
        yield backend
    forget()


@pytest.fixture(scope="session")
def _moto() -> Iterator[tuple[Any, Backend]]:
    from moto import mock_aws

    from tests.quick_moto import quick

    with quick():
        mock = mock_aws()
        mock.start()
        backend = Backend.build(MotoClients({}), _FAKE_ACCESS)
        _without_streams()
        mock.stop(remove_data=False)
        yield mock, backend


def _moto_tables() -> Iterator[Any]:
    from moto.dynamodb.models import dynamodb_backends

    for regions in dynamodb_backends.values():
        for backend in regions.values():
            yield from backend.tables.values()


def _without_streams() -> None:
    """Nobody reads moto's streams."""
    for table in _moto_tables():
        table.stream_shard = None


def _moto_queues() -> Iterator[Any]:
    from moto.sqs.models import sqs_backends

    for regions in sqs_backends.values():
        for backend in regions.values():
            yield from backend.queues.values()


def _moto_buckets() -> Iterator[Any]:
    from moto.s3.models import s3_backends

    for partitions in s3_backends.values():
        for backend in partitions.values():
            yield from backend.buckets.values()


@pytest.fixture(scope="module")
def _moto_emptied() -> Iterator[None]:
    """Tables, queues and buckets are a module's own: what a module left behind costs all those after it."""
    yield
    for table in _moto_tables():
        table.items.clear()
    for queue in _moto_queues():
        queue._messages.clear()  # a purge is allowed once a minute, here as in AWS
        queue._pending_messages.clear()
    for bucket in _moto_buckets():
        for name in list(bucket.keys):
            bucket.keys.pop(name)


@pytest.fixture
def moto(_moto: tuple[Any, Backend], _moto_emptied: None) -> Iterator[Backend]:
    from moto.core.model_instances import reset_model_data

    mock, backend = _moto
    reset_model_data()  # moto keeps every copy that it ever made of a table
    mock.start(reset=False)
    try:
        with _current(backend):
            yield backend
    finally:
        mock.stop(remove_data=False)


@pytest.fixture(scope="session")
def _emulator() -> Iterator[Backend]:
    from infra.local.emulator import Emulator
    from infra.local.resources import Clients

    with Emulator(None) as running:
        yield Backend.build(Clients(running.environment), running.environment)


@pytest.fixture
def emulator(_emulator: Backend) -> Iterator[Backend]:
    with _current(_emulator):
        yield _emulator


@pytest.fixture
def new_gateway() -> Callable[[Backend], Gateway]:
    """A caller from an address that nobody called from before, so that no budget is shared between tests."""

    def make(backend: Backend) -> Gateway:
        number = next(_addresses)
        return Gateway(backend, f"198.51.{number // 250}.{number % 250 + 1}")

    return make


@pytest.fixture
def gateway(moto: Backend, new_gateway: Callable[[Backend], Gateway]) -> Gateway:
    return new_gateway(moto)


@pytest.fixture
def people(gateway: Gateway) -> People:
    return People(gateway)


@pytest.fixture
def calls() -> Calls:
    """Counts, breaks and delays the AWS calls that handlers make."""
    return Calls()


@pytest.fixture
def log_lines(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[dict[str, Any]]]:
    """What the code under test has logged since the test began, line by line."""
    from groundswell.observability.log import log

    written = io.StringIO()
    for handler in log.handlers:
        monkeypatch.setattr(handler, "stream", written)
    return lambda: [json.loads(line) for line in written.getvalue().splitlines()]
