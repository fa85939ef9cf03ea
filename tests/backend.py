"""The catalogue's tables, queues, secrets, keys and buckets in moto or in the emulator, and a process that has them.

moto is for one thread at a time; concurrency, transactions and streams go to the emulator.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from botocore.config import Config

from infra import catalogue
from infra.local.environment import process_environment
from infra.local.resources import Builder, Clients, Resources
from infra.stage import Stage, stage

OWN_PACKAGES = ("groundswell", "functions")


class MotoClients(Clients):
    """Without an endpoint: moto stands where AWS would."""

    def _create(self, service: str) -> Any:
        return self._session.create_client(
            service, region_name="us-east-1", config=Config(retries={"mode": "standard"})
        )


@dataclass
class Backend:
    """`aws` looks behind the handlers' backs. `settings` override the local stage's, e.g. `{"RATE_LIMITS": "off"}`."""

    aws: Clients
    resources: Resources
    access: Mapping[str, str]
    stage: Stage = field(default_factory=lambda: stage("local"))
    settings: dict[str, str] = field(default_factory=dict)

    @classmethod
    def build(cls, aws: Clients, access: Mapping[str, str]) -> "Backend":
        resources = Builder(aws, stage("local")).build(
            tables=catalogue.TABLES,
            queues=catalogue.QUEUES,
            secrets=catalogue.SECRETS,
            keys=catalogue.KEYS,
            buckets=catalogue.BUCKETS,
            functions=catalogue.FUNCTIONS,
        )
        return cls(aws, resources, access)

    def environment(self, function: str) -> dict[str, str]:
        """What the function is declared to find, and nothing else."""
        declared = process_environment(
            catalogue.function(function),
            self.stage,
            tables=self.resources.tables,
            queues=self.resources.queues,
            secrets=self.resources.secrets,
            keys=self.resources.keys,
            buckets=self.resources.buckets,
            emulator=self.access,
        )
        # What a worker gets besides, in AWS from its construct and in the local stage likewise.
        if function in self.resources.dead_letters:
            declared["QUEUE_DEAD_LETTERS"] = self.resources.dead_letters[function]
        return declared | self.settings

    def everything(self) -> dict[str, str]:
        """An environment with everything that there is, for stores that are called without a handler."""
        resources = self.resources
        places = {
            "TABLE": resources.tables,
            "QUEUE": resources.queues,
            "SECRET": resources.secrets,
            "KEY": resources.keys,
            "BUCKET": resources.buckets,
        }
        named = {
            f"{kind}_{name.upper()}": where for kind, locations in places.items() for name, where in locations.items()
        }
        return {**self.access, **self.stage.settings, **named, "STAGE": "local", **self.settings}

    def configure(self, **settings: str) -> None:
        """Change settings for the rest of the test, as a new deployment would."""
        self.settings |= settings
        os.environ.update(settings)
        forget()

    def item(self, table: str, pk: str, sk: str) -> dict[str, Any] | None:
        name = self.resources.tables[table]
        key = {"pk": {"S": pk}, "sk": {"S": sk}}
        return self.aws.dynamodb.get_item(TableName=name, Key=key, ConsistentRead=True).get("Item")

    def items(self, table: str) -> list[dict[str, Any]]:
        """Everything in a table."""
        pages = self.aws.dynamodb.get_paginator("scan").paginate(TableName=self.resources.tables[table])
        return [item for page in pages for item in page["Items"]]

    def messages(self, queue: str) -> list[dict[str, Any]]:
        """What waits in a queue; afterwards it does not any more."""
        url, messages = self.resources.queues[queue], []
        receive = {"MaxNumberOfMessages": 10, "MessageAttributeNames": ["All"]}
        while batch := self.aws.sqs.receive_message(QueueUrl=url, **receive).get("Messages"):
            messages += batch
            for message in batch:
                self.aws.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return messages


def forget() -> None:
    """Make this process as good as new: no client, key, principal or service outlives a change of backend."""
    for name, module in tuple(sys.modules.items()):
        if name.partition(".")[0] in OWN_PACKAGES:
            _clear(module)
    core = sys.modules.get("groundswell.storage.core")
    if core is not None:
        core.CoreItem._connection = None


def _clear(module: ModuleType) -> None:
    for value in vars(module).values():
        clear = getattr(value, "cache_clear", None)
        if callable(clear):
            clear()


@contextmanager
def environment(values: Mapping[str, str]) -> Iterator[None]:
    """This process's environment, and nothing else's, for a while."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update({name: before[name] for name in ("PATH", "HOME", "LANG") if name in before} | dict(values))
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
