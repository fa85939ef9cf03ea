"""The system in this process, with AWS as moto answers it: for measurements that count calls."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from moto import mock_aws

from tests.backend import Backend, MotoClients, environment, forget
from tests.quick_moto import quick

_ACCESS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@contextmanager
def system(**settings: str) -> Iterator[Backend]:
    with quick(), environment(_ACCESS), mock_aws():
        backend = Backend.build(MotoClients({}), _ACCESS)
        backend.settings.update(settings)
        forget()
        with environment(backend.everything()):
            yield backend
        forget()


def keep(backend: Backend, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Rows that are there, past all calls that are counted."""
    from moto.dynamodb.models import dynamodb_backends

    name = backend.resources.tables[table]
    [moto_table] = [
        region.tables[name]
        for regions in dynamodb_backends.values()
        for region in regions.values()
        if name in region.tables
    ]
    for row in rows:
        moto_table.put_item(row)
