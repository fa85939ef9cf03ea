"""Lists that people filter and sort: a small row for each view that a thing is in, written together with the thing.

A view is everything of one owner, or what has one value of one field. A row is in up to three orders, by the table's
own keys and two indexes, and knows what else can be filtered by while reading:

| pk, gsi1pk, gsi2pk | sk | gsi1sk | gsi2sk |
|---|---|---|---|
| `<list>#<owner>#<view>` | `<first order's key>#<id>` | `<second order's key>#<id>` | `<third order's key>#<id>` |

Counts lie beside, at `<list>#<owner>`, `TALLY#<name>`, and change in the same transaction.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.page import Page, Position, following, is_reversed
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import Change, delete_row, put_row

_INDEXES = (None, "gsi1", "gsi2")
_READ_AT_MOST = 1000
"""Rows read for one page and view where what is looked for is not what the view has: about 40 read units."""
LAST = "~"
"""The order's key of what has none: behind all that have one."""


@dataclass(frozen=True)
class Entry:
    """What the lists of one kind know of one thing. `orders` are its keys by order; `facts` are the values that can be
    filtered by, `texts` what can be searched; `tallies` are what it counts in: (counter, field)."""

    id: str
    views: frozenset[str]
    orders: Mapping[str, str]
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    tallies: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Selection:
    """What is in any of the views, has one of the values of each of the facts, contains each of the texts, and lies in
    each of the ranges [from, to) of an order's keys."""

    views: tuple[str, ...]
    order: str
    newest_first: bool = False
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    ranges: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)


@dataclass(frozen=True)
class Listing:
    """One kind of things, and the orders (three at most) in which its lists can be read."""

    name: str
    orders: tuple[str, ...]

    def changes(self, owner: str, before: Entry | None, after: Entry | None) -> list[Change]:
        """What to write together with a thing that was `before` and is `after`; None is: not there."""
        if before == after:
            return []
        old, new = self._rows(owner, before), self._rows(owner, after)
        gone = [delete_row("core", {"pk": row["pk"], "sk": row["sk"]}) for key, row in old.items() if key not in new]
        return [*gone, *(put_row("core", row) for row in new.values()), *self._counted(owner, before, after)]

    def keys(self, owner: str, entry: Entry) -> list[dict[str, Any]]:
        """Of its rows in the core table."""
        return [{"pk": row["pk"], "sk": row["sk"]} for row in self._rows(owner, entry).values()]

    def tally_key(self, owner: str, counter: str) -> dict[str, Any]:
        return {"pk": {"S": f"{self.name}#{owner}"}, "sk": {"S": f"TALLY#{counter}"}}

    def counters(self, owner: str, prefix: str) -> list[str]:
        """What there are of this prefix, without it; one Query for some thousands."""
        start = f"TALLY#{prefix}"
        pages = (
            dynamodb()
            .get_paginator("query")
            .paginate(
                TableName=table_name("core"),
                KeyConditionExpression="pk = :pk AND begins_with(sk, :start)",
                ExpressionAttributeValues={":pk": {"S": f"{self.name}#{owner}"}, ":start": {"S": start}},
                ProjectionExpression="sk",
            )
        )
        return [row["sk"]["S"].removeprefix(start) for page in pages for row in page["Items"]]

    def page(self, owner: str, wanted: Selection, limit: int, position: Position | None) -> Page[str]:
        """Ids, by one Query a view. A page is full, unless what is wanted is rare in its views: then it may be short,
        with a next."""
        if is_reversed(position):
            wanted = replace(wanted, newest_first=not wanted.newest_first)
        after = str(position["key"]) if position and "key" in position else None
        reads = [self._read(owner, view, wanted, limit, after) for view in wanted.views]
        ends = [end for _, end in reads if end is not None]
        pick = max if wanted.newest_first else min
        horizon = pick(ends) if ends else None
        keys = sorted({key for view_keys, _ in reads for key in view_keys}, reverse=wanted.newest_first)
        known = [key for key in keys if horizon is None or pick(key, horizon) == key]
        shown = known[:limit]
        last = shown[-1] if len(known) > limit else horizon
        ids = tuple(key.rpartition("#")[2] for key in shown)
        return Page(ids, following(position, key=last) if last is not None else None)

    def _read(
        self, owner: str, view: str, wanted: Selection, limit: int, after: str | None
    ) -> tuple[list[str], str | None]:
        """Keys in order, and how far they are all there are (None: to the end)."""
        index = _INDEXES[self.orders.index(wanted.order)]
        low, high = _bounds(wanted, after)
        if low > high:
            return [], None
        names, values, conditions = _filters(wanted)
        pk, sk = (f"{index}pk", f"{index}sk") if index else ("pk", "sk")
        more: dict[str, Any] = {"IndexName": index} if index else {"ConsistentRead": True}
        if conditions:
            more |= {"FilterExpression": " AND ".join(conditions), "ExpressionAttributeNames": names}
        answer = dynamodb().query(
            TableName=table_name("core"),
            KeyConditionExpression=f"{pk} = :pk AND {sk} BETWEEN :low AND :high",
            ExpressionAttributeValues={
                ":pk": {"S": f"{self.name}#{owner}#{view}"},
                ":low": {"S": low},
                ":high": {"S": high},
                **values,
            },
            ScanIndexForward=not wanted.newest_first,
            Limit=_READ_AT_MOST if conditions else limit + 1,
            **more,
        )
        last = answer.get("LastEvaluatedKey")
        return [item[sk]["S"] for item in answer["Items"]], last[sk]["S"] if last else None

    def _rows(self, owner: str, entry: Entry | None) -> dict[tuple[str, str], dict[str, Any]]:
        rows = (self._row(owner, view, entry) for view in sorted(entry.views)) if entry else ()
        return {(row["pk"]["S"], row["sk"]["S"]): row for row in rows}

    def _row(self, owner: str, view: str, entry: Entry) -> dict[str, Any]:
        pk = {"S": f"{self.name}#{owner}#{view}"}
        row: dict[str, Any] = {"kind": {"S": f"{self.name.lower()}_row"}}
        for index, order in zip(_INDEXES, self.orders, strict=False):
            key = {"S": f"{entry.orders[order]}#{entry.id}"}
            row |= {f"{index}pk": pk, f"{index}sk": key} if index else {"pk": pk, "sk": key}
            row[f"order_{order}"] = {"S": entry.orders[order]}
        row |= {f"text_{name}": {"S": text} for name, text in entry.texts.items()}
        return row | {f"fact_{name}": {"SS": sorted(set(values))} for name, values in entry.facts.items() if values}

    def _counted(self, owner: str, before: Entry | None, after: Entry | None) -> Iterator[Change]:
        steps: dict[str, Counter[str]] = {}
        for entry, step in ((before, -1), (after, 1)):
            for counter, name in entry.tallies if entry else ():
                steps.setdefault(counter, Counter())[name] += step
        for counter, changed in sorted(steps.items()):
            moved = {name: step for name, step in changed.items() if step}
            if moved:
                yield _add("core", self.tally_key(owner, counter), moved)


def tallied(rows: Iterable[Mapping[str, Any]], fields: Iterable[str]) -> int:
    """How many things the tally among these rows counts in all of those fields."""
    counts: Mapping[str, Any] = next((row for row in rows if row["kind"]["S"] == "tally"), {})
    return sum(int(counts.get(name, {"N": 0})["N"]) for name in fields)


def _add(table: str, key: Mapping[str, Any], steps: Mapping[str, int]) -> Change:
    named = {f"#n{number}": name for number, name in enumerate(sorted(steps))}
    operation = {
        "TableName": table_name(table),
        "Key": key,
        "UpdateExpression": "SET kind = :kind ADD "
        + ", ".join(f"{placeholder} :s{placeholder[2:]}" for placeholder in named),
        "ExpressionAttributeNames": named,
        "ExpressionAttributeValues": {
            ":kind": {"S": "tally"},
            **{f":s{placeholder[2:]}": {"N": str(steps[name])} for placeholder, name in named.items()},
        },
    }
    return Change({"Update": operation}, PreconditionFailed())


def _bounds(wanted: Selection, after: str | None) -> tuple[str, str]:
    """Both ends of the keys to read, inclusive. "!" comes before any character of an id, and LAST behind; a key is
    followed by "#" and an id, so that a range's end is no key."""
    start, end = wanted.ranges.get(wanted.order, (None, None))
    low, high = start or "!", end or (LAST if start else f"{LAST}~")
    if after is None:
        return low, high
    if wanted.newest_first:
        return low, min(high, after[:-1] + chr(ord(after[-1]) - 1) + "~")
    return max(low, f"{after}!"), high


def _filters(wanted: Selection) -> tuple[dict[str, str], dict[str, Any], list[str]]:
    """(names, values, conditions) for what the view and its order do not say."""
    names: dict[str, str] = {}
    values: dict[str, Any] = {}

    def has(function: str, attribute: str, value: str) -> str:
        names[f"#{attribute}"] = attribute
        values[f":f{len(values)}"] = {"S": value}
        return function.format(f"#{attribute}", f":f{len(values) - 1}")

    conditions = [
        "(" + " OR ".join(has("contains({}, {})", f"fact_{name}", value) for value in wanted_values) + ")"
        for name, wanted_values in wanted.facts.items()
    ]
    conditions += [has("contains({}, {})", f"text_{name}", text) for name, text in wanted.texts.items()]
    for name, (start, end) in wanted.ranges.items():
        if name != wanted.order:
            conditions += [has("{} >= {}", f"order_{name}", start)] if start else []
            conditions.append(has("{} < {}", f"order_{name}", end or LAST))
    return names, values, conditions
