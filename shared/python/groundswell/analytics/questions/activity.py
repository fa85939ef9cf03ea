"""What an event tells of its person's visit: that somebody acts, that an SDK keeps its books, or that a server reports.

Bookkeeping: what Segment's identify, group and alias calls and PostHog's own events say without anybody's doing
(https://posthog.com/docs/data/events, "default events"). `$autocapture` and `$rageclick` are clicks, so they act.
"""

import re

from groundswell.analytics.questions.fields import Field
from groundswell.analytics.questions.rows import Row

_CHANNELS = (Field("extra.channel"), Field("context.channel"))
_LIBRARY = Field("context.library.name")
FIELDS = (*_CHANNELS, _LIBRARY)
"""By which `from_server` knows."""
_BOOKKEEPING = frozenset(("identify", "group", "alias"))
_UNDONE = frozenset(
    (
        *("$pageleave", "$set", "$feature_flag_called", "$web_vitals", "$exception", "$heatmap", "$csp_violation"),
        *("$opt_in", "$feature_enrollment_update", "survey shown"),
    )
)
_SERVER_LIBRARY = re.compile(
    r"(?:.*[^a-z])?(?:node|nodejs|python|ruby|php|go|golang|java|net|dotnet|rust|rs|elixir|server)(?:-next|-sdk)?",
    re.IGNORECASE,
)


def acts(row: Row) -> bool:
    return row.kind not in _BOOKKEEPING and row.name not in _UNDONE


def from_server(row: Row) -> bool:
    """It says so: by its `channel` (Segment, RudderStack), or by a library that runs on servers only."""
    if any(channel.of(row) == "server" for channel in _CHANNELS):
        return True
    library = _LIBRARY.of(row)
    return isinstance(library, str) and _SERVER_LIBRARY.fullmatch(library) is not None
