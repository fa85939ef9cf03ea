"""Cursor paging: `limit` and a sealed `cursor` in, `meta` and `Link` (RFC 8288) out."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlencode

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel

from groundswell.http.envelope import Counted, CountedMeta, Listed, PageMeta
from groundswell.kernel.clock import utc_now
from groundswell.kernel.page import REVERSED, CountedPage, Page, Position, following, is_reversed
from groundswell.storage.cursor import Cursors, Scope
from groundswell.storage.signing import signing_keys


@cache
def cursors() -> Cursors:
    return Cursors(signing_keys(), utc_now)


def made_at(item: Any) -> str:
    """The place of what has `created_at` and `id`, oldest first."""
    return f"{item.created_at}#{item.id}"


class PageRequest:
    """Which page is asked for, and how to answer it."""

    def __init__(
        self,
        request: Request,
        response: Response,
        limit: int,
        cursor: str | None,
        *,
        reverse: bool = False,
        descending: bool = False,
    ) -> None:
        """`descending`: the list's first sort is. `reverse`: its second one is asked for."""
        self.limit = limit
        self._descending = descending
        self._reverse = reverse
        self._cursor = cursor
        self._request = request
        self._response = response

    def position(self, tenant: str) -> Position | None:
        """Where the page starts; None for the first. Raises Invalid for a cursor that is not of this tenant's list."""
        if self._cursor:
            return cursors().open(self._cursor, self._scope(tenant))
        return REVERSED if self._reverse else None

    def answer[T: BaseModel](self, tenant: str, page: Page[T]) -> Listed[T]:
        cursor = self._link(tenant, page.next)
        meta = PageMeta(next_cursor=cursor, has_more=cursor is not None, limit=self.limit)
        return Listed[T](data=list(page.items), meta=meta)

    def answer_counted[T: BaseModel](self, tenant: str, counted: CountedPage[T]) -> Counted[T]:
        cursor = self._link(tenant, counted.page.next)
        meta = CountedMeta(next_cursor=cursor, has_more=cursor is not None, limit=self.limit, total=counted.total)
        return Counted[T](data=list(counted.page.items), meta=meta)

    def answer_whole[T: BaseModel](
        self, tenant: str, items: Iterable[T], place: Callable[[T], str] = made_at
    ) -> Listed[T]:
        """One page of the few things that were all read, in the order of their places, which are unique; the other way
        round where the list's first sort is descending, and for its second one."""
        return self._whole(tenant, {place(item): item for item in items}, descending=self._descending)

    def answer_in_order[T: BaseModel](self, tenant: str, items: Iterable[T]) -> Listed[T]:
        """One page of what is always in this order: a catalogue, a log that only grows. Or in reverse."""
        return self._whole(tenant, {f"{number:09}": item for number, item in enumerate(items)}, descending=False)

    def _whole[T: BaseModel](self, tenant: str, placed: Mapping[str, T], *, descending: bool) -> Listed[T]:
        position = self.position(tenant) or {}
        descending = descending != is_reversed(position)
        last = str(position.get("place", ""))
        left = sorted((at for at in placed if not last or (at < last if descending else at > last)), reverse=descending)
        shown = left[: self.limit]
        more = following(position, place=shown[-1]) if len(left) > self.limit else None
        return self.answer(tenant, Page(tuple(placed[at] for at in shown), more))

    def _link(self, tenant: str, after: Position | None) -> str | None:
        """The cursor, told in the headers as well."""
        cursor = cursors().seal(after, self._scope(tenant)) if after else None
        if cursor:
            filters = "".join(f"{urlencode([pair])}&" for pair in self._filters())
            path = quote(self._request.scope["path"])
            self._response.headers["link"] = f'<{path}?{filters}limit={self.limit}&cursor={cursor}>; rel="next"'
        return cursor

    def _filters(self) -> list[tuple[str, str]]:
        return [pair for pair in self._request.query_params.multi_items() if pair[0] not in ("limit", "cursor")]

    def _scope(self, tenant: str) -> Scope:
        route = self._request.scope["route"]
        name = (route.openapi_extra or {}).get("x-operation", route.operation_id)
        # Path parameters are filters too: a list below one parent must not go on below another.
        path = {f"/{key}": str(value) for key, value in self._request.path_params.items()}
        filters: dict[str, list[str]] = {}
        for key, value in self._filters():
            filters.setdefault(key, []).append(value)
        return Scope(tenant, name, {key: "\0".join(sorted(values)) for key, values in filters.items()} | path)


def paging(at_most: int = 100, default: int = 50, *, sorts: tuple[str, ...] = ()) -> Any:
    """The dependency, for `page: Annotated[PageRequest, paging(...)]`. `sorts` are how the list can be sorted: as its
    store does, and in reverse where there is a second one."""
    if not sorts:
        return _unsorted(at_most, default)

    async def page(
        request: Request,
        response: Response,
        limit: Annotated[int, Query(ge=1, le=at_most, description="Items on a page")] = default,
        cursor: Annotated[
            str | None, Query(max_length=4096, description="`meta.next_cursor` of the page before")
        ] = None,
        sort: Annotated[Literal[sorts], Query(description="`-` is descending")] = sorts[0],  # type: ignore[valid-type]
    ) -> PageRequest:
        reverse, descending = sort != sorts[0], sorts[0].startswith("-")
        return PageRequest(request, response, limit, cursor, reverse=reverse, descending=descending)

    return Depends(page)


def _unsorted(at_most: int, default: int) -> Any:
    async def page(
        request: Request,
        response: Response,
        limit: Annotated[int, Query(ge=1, le=at_most, description="Items on a page")] = default,
        cursor: Annotated[
            str | None, Query(max_length=4096, description="`meta.next_cursor` of the page before")
        ] = None,
    ) -> PageRequest:
        return PageRequest(request, response, limit, cursor)

    return Depends(page)


def both_ways(field: str) -> tuple[str, str]:
    """Sorts of a list by this field, in reverse too."""
    return field, f"-{field}"


def whole(field: str) -> Any:
    """The dependency of a list that is answered whole unless a limit asks for less, in the order of this field."""
    return paging(1000, 1000, sorts=both_ways(field))


Paging = Annotated[PageRequest, paging()]
"""For lists that declare their sorts themselves."""

NEWEST_FIRST = ("-created_at", "created_at")
NewestFirst = Annotated[PageRequest, paging(sorts=NEWEST_FIRST)]
OldestFirst = Annotated[PageRequest, paging(sorts=NEWEST_FIRST[::-1])]
NewestOnly = Annotated[PageRequest, paging(sorts=NEWEST_FIRST[:1])]
"""What is only ever read from its end."""
Catalogue = Annotated[PageRequest, whole("position")]
"""What is the same for everybody, in an order of its own."""
