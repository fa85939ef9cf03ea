"""The one success body: `{"status_code", "message", "data"}`, and `meta` beside it for a list."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict


class Envelope[T](BaseModel):
    """What every JSON answer looks like, but for those that another document defines."""

    model_config = ConfigDict(defer_build=True)

    status_code: int = 200
    message: str = "Success"
    data: T


class PageMeta(BaseModel):
    next_cursor: str | None
    has_more: bool
    limit: int


class Listed[T](BaseModel):
    """One page. `meta.next_cursor` goes into `cursor` for the next one; the `Link` header says the same."""

    model_config = ConfigDict(defer_build=True)

    status_code: int = 200
    message: str = "Success"
    data: list[T]
    meta: PageMeta


def whole_list[T](items: Sequence[T]) -> Listed[T]:
    """A list that is never longer than one page."""
    return Listed[T](data=list(items), meta=PageMeta(next_cursor=None, has_more=False, limit=len(items)))


class CountedMeta(PageMeta):
    """`total` is how many there are on all pages; null where nothing counts that."""

    total: int | None


class Counted[T](BaseModel):
    """One page, as `Listed`, with the number of all."""

    model_config = ConfigDict(defer_build=True)

    status_code: int = 200
    message: str = "Success"
    data: list[T]
    meta: CountedMeta


class Empty(BaseModel):
    """Nothing to say but that it worked."""


def ok[T](data: T) -> Envelope[T]:
    return Envelope[T](data=data)


def created[T](data: T) -> Envelope[T]:
    return Envelope[T](status_code=201, message="Created", data=data)


def accepted[T](data: T, message: str = "Accepted") -> Envelope[T]:
    return Envelope[T](status_code=202, message=message, data=data)
