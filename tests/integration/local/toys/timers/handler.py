"""The system's own tick."""

from functions.timers.handler import handler

__all__ = ["handler"]
