"""Reads of the core table, one way each: by key, many by key, and page by page through the index."""

from collections.abc import Iterable, Sequence
from itertools import batched
from typing import TYPE_CHECKING, Any

from groundswell.kernel.errors import Outage, Unavailable
from groundswell.kernel.page import Page, Position, following, is_reversed
from groundswell.storage.client import dynamodb
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import from_item
from groundswell.storage.settings import table_name

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_BATCH = 100  # BatchGetItem's limit
_ATTEMPTS = 8  # an answer holds 16 MB at most


def find[M: DataclassInstance](
    model_type: type[M], item_type: type[CoreItem], pk: str, sk: str, *, consistent: bool = True
) -> M | None:
    """The model at these keys. An eventually consistent read costs half."""
    try:
        return from_item(model_type, item_type.get(pk, sk, consistent_read=consistent))
    except item_type.DoesNotExist:
        return None


def find_many[M: DataclassInstance](
    model_type: type[M], item_type: type[CoreItem], keys: Iterable[tuple[str, str]], *, consistent: bool = False
) -> tuple[M, ...]:
    """Those that exist, in no order, each once."""
    batches = batched(dict.fromkeys(keys), _BATCH, strict=False)
    items = (item for batch in batches for item in item_type.batch_get(batch, consistent_read=consistent))
    return tuple(from_item(model_type, item) for item in items)


def get_rows(table: str, keys: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Attribute values of what there is at these keys, of whatever kinds, in no order; one call for 100 of them."""
    rows: list[dict[str, Any]] = []
    for batch in batched(keys, _BATCH, strict=False):
        rows += _get_batch(table_name(table), batch)
    return rows


def _get_batch(name: str, keys: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for _ in range(_ATTEMPTS):
        answer = dynamodb().batch_get_item(RequestItems={name: {"Keys": keys, "ConsistentRead": True}})
        rows += answer["Responses"].get(name, [])
        left = answer.get("UnprocessedKeys", {}).get(name)
        if not left:
            return rows
        keys = left["Keys"]
    raise Unavailable(Outage("storage", 1))


def list_page[M: DataclassInstance](
    model_type: type[M],
    item_type: type[CoreItem],
    owner: str,
    prefix: str,
    limit: int,
    position: Position | None,
    *,
    newest_first: bool = False,
    own_keys: bool = False,
) -> Page[M]:
    """One page of what `owner` (gsi1pk) has below `prefix` (gsi1sk is `<prefix>#<id>`, or the id alone), in the order
    of ids, or the other way round for a reversed position. With `own_keys` these are pk and sk, read consistently."""
    descending = newest_first != is_reversed(position)
    start, end = key_range(prefix, position, descending=descending)
    stem = f"{prefix}#" if prefix else ""
    query: Any = item_type.query if own_keys else item_type.by_gsi1.query
    key = "sk" if own_keys else "gsi1sk"
    options: dict[str, Any] = {"limit": limit + 1, "page_size": limit + 1, "scan_index_forward": not descending}
    if own_keys:
        options["consistent_read"] = True
    items = list(query(owner, getattr(item_type, key).between(start, end), **options))
    models = tuple(from_item(model_type, item) for item in items[:limit])
    if len(items) <= limit:
        return Page(models)
    return Page(models, following(position, id=str(getattr(items[limit - 1], key)).removeprefix(stem)))


def key_range(prefix: str, position: Position | None, *, descending: bool) -> tuple[str, str]:
    """The sort keys `<prefix>#<id>`, or ids alone, that are left behind `position`."""
    # "$" is the next character after "#": the range ends where these ids do. "!" comes before any of an id, and "~"
    # after: the item where the last page ended is in neither.
    stem = f"{prefix}#" if prefix else ""
    start, end = (stem, f"{prefix}$") if prefix else ("!", "~")
    if not position or "id" not in position:
        return start, end
    last = f"{stem}{position['id']}"
    return (start, _before(last)) if descending else (f"{last}!", end)


def _before(key: str) -> str:
    """The end of a range of keys that stops short of `key`, whose last character is no lower than `!`."""
    return key[:-1] + chr(ord(key[-1]) - 1) + "~"
