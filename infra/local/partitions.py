"""Queries of large partitions: the emulator reads a page of ten thousands of rows without looking at each of them.

Runs in the emulator's own environment. By itself ministack parses a query's condition anew for every item of the
partition, and sorts them all: 9 s for a page of 97,000 leads' rows, when a function may take 10. Here it is handed the
items alone that can be on the page; what they are and what the answer says remains its own business.
"""

import heapq
from collections.abc import Callable, Iterable, Sequence
from operator import eq, ge, gt, le, lt
from typing import Any

from ministack.services import dynamodb  # type: ignore[import-not-found]

_LARGE = 200
"""Items of a partition from which on it is worth the trouble."""
_COMPARISONS: dict[str, Callable[[str, str], bool]] = {"=": eq, "<": lt, "<=": le, ">": gt, ">=": ge}

type _Condition = Callable[[str], bool]


def install() -> None:
    """From now on queries see what can be on their page."""
    query = dynamodb._query  # noqa: SLF001 ministack has no hook; its version is pinned

    def narrowed(request: Any) -> Any:
        view = _view(request)
        partition, condition = _keys(view, request) if view else ("", None)
        if view is None or condition is None or len(view.partitions.get(partition, ())) < _LARGE:
            return query(request)
        with dynamodb._lock:  # noqa: SLF001 the thread that removes expired items waits for it
            whole = view.partitions[partition]
            view.partitions[partition] = {key: whole[key] for key in view.page(whole, condition, request)}
            try:
                return query(request)
            finally:
                view.partitions[partition] = whole

    dynamodb._query = narrowed  # noqa: SLF001


def _view(request: Any) -> "_View | None":
    """None where the emulator had better look itself: where there is no such table or index, where keys are not of two
    texts each, where it is going to refuse the start key."""
    table = dynamodb._tables.get(dynamodb._normalize_table_name(request.get("TableName")))  # noqa: SLF001
    index = request.get("IndexName")
    if table is None or (index and index not in dynamodb._index_members(table)):  # noqa: SLF001
        return None
    view = _View(table, index)
    are_texts = all(name and dynamodb._get_attr_type(table, name) == "S" for name in view.order)  # noqa: SLF001
    start = request.get("ExclusiveStartKey")
    return view if are_texts and (not start or _texts(start, view.order)) else None


def _texts(key: Any, names: Sequence[str]) -> tuple[str, ...]:
    """Empty where any is missing, or no text."""
    values = [key[name].get("S") if isinstance(key.get(name), dict) else None for name in names]
    return tuple(value for value in values if value) if all(values) else ()


class _View:
    """A table, or one of its indexes: partitions of keys, and what these are in order of."""

    def __init__(self, table: Any, index: str | None) -> None:
        self._table, self._index = table, index
        self.partitions = dynamodb._index_members(table)[index] if index else table["items"]  # noqa: SLF001
        self.pk_name, self.sk_name, *_ = dynamodb._resolve_index_keys(table, index)  # noqa: SLF001
        self.order = (self.sk_name, table["pk_name"], table["sk_name"]) if index else (self.sk_name,)
        """The attributes that keys of one partition are sorted by."""

    def page(self, keys: Iterable[Any], condition: _Condition, request: Any) -> Iterable[Any]:
        """As many keys as the limit allows, after the start key. (Without a limit the emulator itself ends a page at
        1 MB.)"""
        ascending = request.get("ScanIndexForward", True)
        ranked = ((self._rank(key), key) for key in keys)
        left = ((rank, key) for rank, key in ranked if rank and condition(rank[0]))
        if start := request.get("ExclusiveStartKey"):
            after = _texts(start, self.order)
            left = ((rank, key) for rank, key in left if (rank > after if ascending else rank < after))
        choose = heapq.nsmallest if ascending else heapq.nlargest
        return [key for _, key in (choose(int(request["Limit"]), left) if request.get("Limit") else left)]

    def _rank(self, key: Any) -> tuple[str, ...]:
        """Empty where an item has no such key (any more)."""
        if not self._index:
            return (key,)
        item = self._table["items"].get(key[0], {}).get(key[1], {})
        return (item[self.sk_name]["S"], *key) if self.sk_name in item else ()


def _keys(view: "_View", request: Any) -> tuple[str, _Condition | None]:
    """(partition, condition on sort keys); no condition where it is of another form, or refused."""
    if not request.get("KeyConditionExpression"):
        return "", None
    words = [_word(token, request) for token in dynamodb._tokenize(request["KeyConditionExpression"])]  # noqa: SLF001
    match [word for word in words if word not in ("(", ",", ")", "")]:
        case [name, "=", {"S": partition}, *rest] if name == view.pk_name:
            return partition, _condition(rest, view.sk_name)
        case _:
            return "", None


def _word(token: tuple[str, str], request: Any) -> Any:
    kind, text = token
    if kind == "VALUE_REF":
        return request.get("ExpressionAttributeValues", {}).get(text)
    return request.get("ExpressionAttributeNames", {}).get(text, text)


def _condition(words: Sequence[Any], sort_key: str | None) -> _Condition | None:
    match words:
        case []:
            return lambda _: True
        case ["AND", name, sign, {"S": value}] if name == sort_key and sign in _COMPARISONS:
            return lambda key: _COMPARISONS[sign](key, value)
        case ["AND", name, "BETWEEN", {"S": low}, "AND", {"S": high}] if name == sort_key:
            return lambda key: low <= key <= high
        case ["AND", "begins_with", name, {"S": start}] if name == sort_key:
            return lambda key: key.startswith(start)
        case _:
            return None
