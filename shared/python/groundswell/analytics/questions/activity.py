"""What an event tells of its person's visit: that somebody acts, that an SDK keeps its books, or that a server reports.

Bookkeeping: what Segment's identify, group and alias calls and PostHog's own events say without anybody's doing
(https://posthog.com/docs/data/events, "default events"). `$autocapture` and `$rageclick` are clicks, so they act.
"""

import re

from groundswell.analytics.questions.fields import Field
from groundswell.analytics.questions.rows import Row

CHANNELS = (Field("extra.channel"), Field("context.channel"))
LIBRARY = Field("context.library.name")
FIELDS = (*CHANNELS, LIBRARY)
"""By which `from_server` knows."""
BOOKKEEPING = frozenset(("identify", "group", "alias"))
UNDONE = frozenset(
    (
        *("$pageleave", "$set", "$feature_flag_called", "$web_vitals", "$exception", "$heatmap", "$csp_violation"),
        *("$opt_in", "$feature_enrollment_update", "survey shown"),
    )
)
SERVER_LIBRARY = (
    r"(?:.*[^a-z])?(?:node|nodejs|python|ruby|php|go|golang|java|net|dotnet|rust|rs|elixir|server)(?:-next|-sdk)?"
)
"""In either case."""
_SERVER_LIBRARY = re.compile(SERVER_LIBRARY, re.IGNORECASE)


def acts(row: Row) -> bool:
    return row.kind not in BOOKKEEPING and row.name not in UNDONE


def from_server(row: Row) -> bool:
    """It says so: by its `channel` (Segment, RudderStack), or by a library that runs on servers only."""
    if any(channel.of(row) == "server" for channel in CHANNELS):
        return True
    library = LIBRARY.of(row)
    return isinstance(library, str) and _SERVER_LIBRARY.fullmatch(library) is not None
