from datetime import timedelta

import pytest

from groundswell.access.model import ClientContext, Role
from groundswell.operations.model import Operation
from groundswell.operations.service import OperationService
from groundswell.privacy.exports.service import ExportService
from tests.clock import Clock

WHO = ClientContext("client", "org", "ada", Role.ADMIN)


class Links:
    def __init__(self):
        self.made = []

    def link(self, name, seconds, file_name):
        self.made.append((name, seconds, file_name))
        return f"https://files.example/{name}"


class Trail(list):
    add = list.append


class One:
    """A store with one operation."""

    def __init__(self, operation):
        self.operation = operation

    def find(self, client_id, operation_id):
        return self.operation if (client_id, operation_id) == ("client", "e1") else None


def asked(clock, job="export", **result):
    until = (clock() + timedelta(days=7)).isoformat()
    export = Operation("e1", "client", "org", job, "ada", clock(), clock())
    store = One(export.succeeded({"available_until": until, **result}))
    links, trail = Links(), Trail()
    service = ExportService(OperationService(store, clock, lambda: "id"), links, trail, clock)
    return service, store, links, trail


def test_a_link_lives_five_minutes_and_is_noted_with_who_got_it():
    clock = Clock()
    service, _, links, trail = asked(clock)

    _, download = service.get(WHO, "e1")

    assert download == ("https://files.example/people/client/e1/export.zip", clock() + timedelta(minutes=5))
    assert links.made == [("people/client/e1/export.zip", 300, "export-e1.zip")]
    assert [(entry.action, entry.actor, entry.target) for entry in trail] == [
        ("export.link_issued", "ada", "operation:e1")
    ]


def test_no_link_outlives_the_file():
    clock = Clock()
    service, _, links, _ = asked(clock)
    clock.advance(days=7, minutes=-2)

    _, download = service.get(WHO, "e1")

    assert (download.expires_at, links.made[0][1]) == (clock() + timedelta(minutes=2), 120)


@pytest.mark.parametrize("gone", ["expired", "erased", "failed", "running"])
def test_without_a_file_there_is_no_link_and_no_entry(gone):
    clock = Clock()
    service, store, links, trail = asked(clock, **({"erased_at": "today"} if gone == "erased" else {}))
    if gone == "expired":
        clock.advance(days=7)
    if gone == "failed":
        store.operation = store.operation.failed("why")
    if gone == "running":
        store.operation = store.operation.going_on()

    export, download = service.get(WHO, "e1")

    assert (export.id, download, links.made, trail) == ("e1", None, [], [])
