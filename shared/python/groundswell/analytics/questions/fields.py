"""What an event says under a name: `name`, `user_id`, `properties.plan`, `context.page.path`, `web3.chain`,
`extra.group_id`."""

from collections.abc import Iterable
from decimal import Decimal
from weakref import WeakKeyDictionary

from groundswell.analytics.questions.model import PAGE_BYTES
from groundswell.analytics.questions.names import KNOWN, OWN, is_field
from groundswell.analytics.questions.rows import Row
from groundswell.analytics.questions.values import Value, decoded, number
from groundswell.events.eventlog.block import Block, is_amount
from groundswell.kernel.errors import Invalid


class Field:
    """One of them, read from rows."""

    def __init__(self, path: str, where: str = "field") -> None:
        """`where` is what the caller calls it. Raises Invalid."""
        if not is_field(path):
            raise Invalid.on(where, f"no field of events: one of {KNOWN}")
        self.path = path
        self._own = path in OWN
        self._columns: WeakKeyDictionary[Block, list[bytes]] = WeakKeyDictionary()

    def of(self, row: Row) -> Value:
        if self.path == "currency":
            return row.block.currencies.get(row.position)
        if self._own:
            text: str | None = getattr(row, self.path)
            return number(text) if text and self.path == "value" else text
        column = self._columns.get(row.block)
        if column is None:
            column = self._columns[row.block] = row.block.column(self.path)
        raw = column[row.position]
        return decoded(raw) if raw else None

    def meant(self, wanted: Value) -> Value:
        """What it is compared with: an event's value is a number, also where a caller writes it as text."""
        if self.path != "value":
            return wanted
        if isinstance(wanted, tuple):
            return tuple(map(self.meant, wanted))
        return number(wanted) if isinstance(wanted, str) and is_amount(wanted) else wanted

    def amount(self, row: Row) -> Decimal | None:
        """As a decimal, from a number or its text; None for anything that sums could not keep exactly."""
        return amount(self.of(row))


def fitting(values: Iterable[Value], most: int) -> int:
    """How many of the first values one answer has room for, `most` at most: texts may be of 32 KB each."""
    room = PAGE_BYTES
    for count, value in enumerate(values):
        room -= len(value.encode()) if isinstance(value, str) else len(str(value))
        if count == most or (count and room < 0):
            return count
    return most


def amount(value: Value) -> Decimal | None:
    if isinstance(value, Decimal) and value.is_finite() and -30 <= value.adjusted() < 78:
        value = f"{value:f}"
    return Decimal(value) if isinstance(value, str) and is_amount(value) else None
