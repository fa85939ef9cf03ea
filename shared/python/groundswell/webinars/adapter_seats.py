"""Seats as conditional writes: the item that counts them refuses the one too many."""

from typing import Any

from groundswell.kernel.errors import DomainError
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import Change
from groundswell.webinars.items import seats_key
from groundswell.webinars.model import CapacityTooSmall, Webinar
from groundswell.webinars.registration import Registration, WebinarFull

_FREE = "(attribute_not_exists(#capacity) OR #taken < #capacity)"
_NAMES = {"#taken": "taken", "#waiting": "waiting", "#capacity": "capacity", "#open": "is_open"}


def seats_for(webinar: Webinar) -> Change:
    """The counters of a webinar as it is to be: as many seats as it has, and whether anybody may take one.

    Refused with CapacityTooSmall where more are taken.
    """
    names = ("#taken", "#waiting", "#capacity", "#open")
    values: dict[str, Any] = {
        ":open": {"BOOL": webinar.is_open},
        ":none": {"N": "0"},
        ":kind": {"S": "webinar_seats"},
    }
    sets = "SET kind = :kind, #open = :open, #taken = if_not_exists(#taken, :none), "
    sets += "#waiting = if_not_exists(#waiting, :none)"
    if webinar.capacity is None:
        return _update(webinar, f"{sets} REMOVE #capacity", None, names, values, CapacityTooSmall())
    values[":capacity"] = {"N": str(webinar.capacity)}
    fits = "attribute_not_exists(#taken) OR #taken <= :capacity"
    return _update(webinar, f"{sets}, #capacity = :capacity", fits, names, values, CapacityTooSmall())


def seats_moved(webinar: Webinar, before: Registration | None, after: Registration) -> list[Change]:
    """What becomes of the counters. Refused with WebinarFull where no seat is free: for who comes anew, none is as
    long as somebody waits."""
    seats = after.seats - (before.seats if before else 0)
    waiting = after.waits - (before.waits if before else 0)
    if not seats and not waiting:
        return []
    condition, names = None, ["#taken", "#waiting"]
    values: dict[str, Any] = {":taken": {"N": str(seats)}, ":waiting": {"N": str(waiting)}}
    if seats > 0:
        condition, names = _FREE, [*names, "#capacity"]
        if not waiting:
            condition += " AND #waiting = :nobody AND #open = :open"
            names.append("#open")
            values |= {":nobody": {"N": "0"}, ":open": {"BOOL": True}}
    update = "ADD #taken :taken, #waiting :waiting"
    return [_update(webinar, update, condition, tuple(names), values, WebinarFull())]


def _update(
    webinar: Webinar,
    update: str,
    condition: str | None,
    names: tuple[str, ...],
    values: dict[str, Any],
    refusal: DomainError,
) -> Change:
    operation: dict[str, Any] = {
        "TableName": table_name("core"),
        "Key": seats_key(webinar),
        "UpdateExpression": update,
        "ExpressionAttributeNames": {name: _NAMES[name] for name in names},
        "ExpressionAttributeValues": values,
    }
    if condition:
        operation["ConditionExpression"] = condition
    return Change({"Update": operation}, refusal)
