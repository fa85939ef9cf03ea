"""Cursor paging: `limit` and a sealed `cursor` in, `meta` and `Link` (RFC 8288) out."""

from functools import cache
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel

from groundswell.http.envelope import Counted, CountedMeta, Listed, PageMeta
from groundswell.kernel.clock import utc_now
from groundswell.kernel.page import CountedPage, Page, Position
from groundswell.storage.cursor import Cursors, Scope
from groundswell.storage.signing import signing_keys


@cache
def cursors() -> Cursors:
    return Cursors(signing_keys(), utc_now)


class PageRequest:
    """Which page is asked for, and how to answer it."""

    def __init__(self, request: Request, response: Response, limit: int, cursor: str | None) -> None:
        self.limit = limit
        self._cursor = cursor
        self._request = request
        self._response = response

    def position(self, tenant: str) -> Position | None:
        """Where the page starts; None for the first. Raises Invalid for a cursor that is not of this tenant's list."""
        return cursors().open(self._cursor, self._scope(tenant)) if self._cursor else None

    def answer[T: BaseModel](self, tenant: str, page: Page[T]) -> Listed[T]:
        cursor = self._link(tenant, page.next)
        meta = PageMeta(next_cursor=cursor, has_more=cursor is not None, limit=self.limit)
        return Listed[T](data=list(page.items), meta=meta)

    def answer_counted[T: BaseModel](self, tenant: str, counted: CountedPage[T]) -> Counted[T]:
        cursor = self._link(tenant, counted.page.next)
        meta = CountedMeta(next_cursor=cursor, has_more=cursor is not None, limit=self.limit, total=counted.total)
        return Counted[T](data=list(counted.page.items), meta=meta)

    def _link(self, tenant: str, following: Position | None) -> str | None:
        """The cursor, told in the headers as well."""
        cursor = cursors().seal(following, self._scope(tenant)) if following else None
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


def paging(at_most: int = 100, default: int = 50) -> Any:
    """The dependency, for `page: Annotated[PageRequest, paging(...)]`."""

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
