"""Cursor paging: `limit` and a sealed `cursor` in, `meta` and `Link` (RFC 8288) out."""

from collections.abc import Iterable
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
    ) -> None:
        self.limit = limit
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

    def answer_whole[T: BaseModel](self, tenant: str, items: Iterable[T]) -> Listed[T]:
        """One page of the few things that were all read, oldest first or in reverse; each has `id` and `created_at`."""
        position = self.position(tenant) or {}
        descending = is_reversed(position)
        ordered = sorted(items, key=_place, reverse=descending)
        last = str(position.get("place", ""))
        left = [item for item in ordered if not last or (_place(item) < last if descending else _place(item) > last)]
        page = tuple(left[: self.limit])
        more = following(position, place=_place(page[-1])) if len(left) > self.limit else None
        return self.answer(tenant, Page(page, more))

    def _link(self, tenant: str, after: Position | None) -> str | None:
        """The cursor, told in the headers as well."""
        cursor = cursors().seal(after, self._scope(tenant)) if after else None
        if cursor:
            filters = "".join(f"{urlencode([each])}&" for each in self._filters())
            path = quote(self._request.scope["path"])
            self._response.headers["link"] = f'<{path}?{filters}limit={self.limit}&cursor={cursor}>; rel="next"'
        return cursor

    def _filters(self) -> list[tuple[str, str]]:
        return [each for each in self._request.query_params.multi_items() if each[0] not in ("limit", "cursor")]

    def _scope(self, tenant: str) -> Scope:
        route = self._request.scope["route"]
        name = (route.openapi_extra or {}).get("x-operation", route.operation_id)
        # Path parameters are filters too: a list below one parent must not go on below another.
        path = {f"/{key}": str(value) for key, value in self._request.path_params.items()}
        filters: dict[str, list[str]] = {}
        for key, value in self._filters():
            filters.setdefault(key, []).append(value)
        return Scope(tenant, name, {key: "\0".join(sorted(values)) for key, values in filters.items()} | path)


def _place(item: Any) -> str:
    return f"{item.created_at}#{item.id}"


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
        return PageRequest(request, response, limit, cursor, reverse=sort != sorts[0])

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


Paging = Annotated[PageRequest, paging()]

NEWEST_FIRST = ("-created_at", "created_at")
NewestFirst = Annotated[PageRequest, paging(sorts=NEWEST_FIRST)]
OldestFirst = Annotated[PageRequest, paging(sorts=NEWEST_FIRST[::-1])]
NewestOnly = Annotated[PageRequest, paging(sorts=NEWEST_FIRST[:1])]
"""What is only ever read from its end."""
