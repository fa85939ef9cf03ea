"""Which time zones there are: IANA's, the same on every machine."""

from functools import cache
from zoneinfo import ZoneInfo

_NONE = "not an IANA time zone such as Europe/Berlin"
_MACHINES = ("localtime", "Factory", "posixrules")
"""Names in a machine's own folder, which say how that machine is set."""
_COPIES = ("posix/", "right/")
"""Folders of all zones once more, of which `right` counts leap seconds. Not every machine has them."""


@cache
def find_zone(name: str) -> ZoneInfo:
    """Raises ValueError. Looks at one file: listing all of them takes 46 ms of a cold start."""
    if name in _MACHINES or name.startswith(_COPIES):
        raise ValueError(_NONE)
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError) as error:  # none of that name, a path, a folder
        raise ValueError(_NONE) from error


def check_zone(name: str) -> str:
    """Raises ValueError."""
    return find_zone(name).key
