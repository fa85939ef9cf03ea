"""A range of time in the log. Times are milliseconds since 1970, UTC."""

from dataclasses import dataclass

from groundswell.kernel.errors import Invalid

END_OF_TIME = 253_402_300_800_000
"""The first millisecond of the year 10000, which no date can name."""


@dataclass(frozen=True)
class Window:
    """`start` <= time < `end`."""

    start: int
    end: int

    @classmethod
    def between(cls, start: int | None, end: int | None) -> "Window":
        """Open where None. Raises Invalid."""
        window = cls(max(0, start or 0), END_OF_TIME if end is None else end)
        if not window:
            raise Invalid.on("to", "must be after `from`")
        return window

    def __contains__(self, time: object) -> bool:
        return isinstance(time, int) and self.start <= time < self.end

    def __bool__(self) -> bool:
        return self.start < self.end

    @property
    def previous(self) -> "Window":
        """The one before it, of the same length, as far as there is time before it. Raises Invalid if there is none."""
        window = Window(max(0, 2 * self.start - self.end), self.start)
        if not window:
            raise Invalid.on("compare", "there is no time before `from`")
        return window
