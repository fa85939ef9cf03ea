"""Writes that happen together or not at all, whatever DynamoDB answers."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from groundswell.kernel.errors import Conflict, DomainError, PreconditionFailed, Unavailable
from groundswell.kernel.message import Message
from groundswell.storage.mapper import from_item
from groundswell.storage.transaction import delete, put, write
from groundswell.tenancy.clients.items import OrganizationItem, organization_item
from groundswell.tenancy.clients.organization import Organization
from tests.calls import Crash
from tests.clock import START


class Taken(Conflict):
    code = "TAKEN"


def organization(version: int = 0, name: str = "Engines", id_: str | None = None) -> Organization:
    return Organization(id_ or str(uuid4()), name, START, version)


def stored(one: Organization) -> Organization | None:
    try:
        return from_item(Organization, OrganizationItem.get(f"ORG#{one.id}", "ORG", consistent_read=True))
    except OrganizationItem.DoesNotExist:
        return None


def message() -> Message:
    return Message("mail", str(uuid4()), "{}")


def canceled(*codes: str) -> dict:
    return {"CancellationReasons": [{"Code": code, "Message": code} for code in codes]}


def test_a_new_item_must_not_exist(moto) -> None:
    one = organization()
    write([put(organization_item(one))])

    with pytest.raises(Taken):
        write([put(organization_item(one), Taken())])


def test_a_write_over_another_version_than_the_one_read_is_refused(moto) -> None:
    one = organization()
    write([put(organization_item(one))])
    write([put(organization_item(organization(1, "Mine", one.id)))])

    with pytest.raises(PreconditionFailed):
        write([put(organization_item(organization(1, "Late", one.id)))])

    assert (stored(one).name, stored(one).version) == ("Mine", 2)


def test_a_deletion_of_another_version_than_the_one_read_is_refused(moto) -> None:
    one = organization()
    write([put(organization_item(one))])
    write([put(organization_item(organization(1, "Mine", one.id)))])

    with pytest.raises(PreconditionFailed):
        write([delete(organization_item(organization(1, "Engines", one.id)))])
    write([delete(organization_item(organization(2, "Mine", one.id)))])

    assert stored(one) is None


def test_all_changes_happen_or_none(moto) -> None:
    there, new, outbox_message = organization(), organization(), message()
    write([put(organization_item(there))])

    with pytest.raises(Taken):
        write([put(organization_item(new)), put(organization_item(there), Taken())], [outbox_message])

    assert stored(new) is None
    assert moto.item("core", f"OUTBOX#{outbox_message.id}", "OUTBOX") is None


def test_a_message_is_in_the_outbox_with_the_change_it_tells_of(moto) -> None:
    one, outbox_message = organization(), message()

    write([put(organization_item(one))], [outbox_message])

    assert stored(one)
    kept = moto.item("core", f"OUTBOX#{outbox_message.id}", "OUTBOX")
    assert (kept["kind"]["S"], kept["queue"]["S"], kept["body"]["S"]) == ("outbox", "mail", "{}")


@pytest.mark.parametrize("broken", [0, 1, 2])
def test_the_refusal_is_the_one_of_the_change_that_failed(moto, broken: int) -> None:
    existing = [organization() for _ in range(3)]
    write([put(organization_item(org)) for org in existing])
    fresh = [organization(1, "New", org.id) for org in existing]
    fresh[broken] = organization(9, "New", existing[broken].id)
    names = [type(f"Refusal{number}", (Conflict,), {}) for number in range(3)]
    # The deletion comes last here and is sent first.
    changes = [put(organization_item(one), name()) for one, name in zip(fresh[:2], names[:2], strict=True)]
    changes.append(delete(organization_item(fresh[2]), names[2]()))

    with pytest.raises(DomainError) as refused:
        write(changes)

    assert type(refused.value) is names[broken]


@pytest.mark.parametrize("code", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_contended_transaction_is_tried_again(moto, calls, code: str) -> None:
    one = organization()
    with calls.failing(
        "TransactWriteItems", "TransactionCanceledException", times=2, **canceled("None", code)
    ) as attempts:
        write([put(organization_item(one))], [message()])

    assert len(attempts) == 3
    assert stored(one)


def test_a_transaction_that_stays_contended_is_an_outage(moto, calls) -> None:
    reasons = canceled("TransactionConflict", "None")
    failing = calls.failing("TransactWriteItems", "TransactionCanceledException", times=99, **reasons)
    with failing, pytest.raises(Unavailable):
        write([put(organization_item(organization()))], [message()])


def test_a_refusal_beside_a_conflict_is_not_tried_again(moto, calls) -> None:
    reasons = canceled("ConditionalCheckFailed", "TransactionConflict")
    failing = calls.failing("TransactWriteItems", "TransactionCanceledException", times=99, **reasons)
    with failing as attempts, pytest.raises(Taken):
        write([put(organization_item(organization()), Taken())], [message()])

    assert len(attempts) == 1


def test_one_item_that_meets_a_transaction_is_tried_again(moto, calls) -> None:
    one = organization()
    with calls.failing("PutItem", "TransactionConflictException", times=2) as attempts:
        write([put(organization_item(one))])

    assert len(attempts) == 3
    assert stored(one)


def test_one_item_that_stays_contended_is_an_outage(moto, calls) -> None:
    with calls.failing("PutItem", "TransactionConflictException", times=99), pytest.raises(Unavailable):
        write([put(organization_item(organization()))])


@pytest.mark.parametrize("operation", ["PutItem", "TransactWriteItems"])
def test_throttling_is_waited_out(moto, calls, operation: str) -> None:
    one = organization()
    with calls.failing(operation, "ThrottlingException", times=2) as attempts:
        write([put(organization_item(one))], [message()] if operation == "TransactWriteItems" else [])

    assert len(attempts) == 3
    assert stored(one)


def test_a_transaction_is_one_call_and_one_item_is_a_plain_put(moto, calls) -> None:
    write([put(organization_item(organization()))])
    with calls.counted() as made:
        write([put(organization_item(organization()))])
        write([put(organization_item(organization()))], [message()])

    assert made == ["PutItem", "TransactWriteItems"]


def test_a_process_has_one_dynamodb_client_whatever_it_stores(moto, monkeypatch) -> None:
    from groundswell.storage import client

    created, create = [], client.session().create_client
    monkeypatch.setattr(
        client.session(), "create_client", lambda name, **more: created.append(name) or create(name, **more)
    )

    write([put(organization_item(organization()))], [message()])
    stored(organization())

    assert created == ["dynamodb"]


@pytest.mark.parametrize("after", [False, True])
def test_a_crash_leaves_change_and_message_or_neither(moto, calls, after: bool) -> None:
    one, outbox_message = organization(), message()
    with calls.crashing(0, after=after), pytest.raises(Crash):
        write([put(organization_item(one))], [outbox_message])

    assert bool(stored(one)) == bool(moto.item("core", f"OUTBOX#{outbox_message.id}", "OUTBOX")) == after


@pytest.mark.emulator
def test_of_twenty_writers_of_one_version_one_wins(emulator) -> None:
    one = organization()
    write([put(organization_item(one))])

    def save(number: int) -> bool:
        try:
            write([put(organization_item(organization(1, f"writer {number}", one.id)))], [message()])
        except PreconditionFailed:
            return False
        return True

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(save, range(20))) == 1
    assert stored(one).version == 2
