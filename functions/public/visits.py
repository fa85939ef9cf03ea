"""What the pages of visitors have in common."""

from collections.abc import Mapping
from datetime import datetime

from groundswell.kernel.errors import Invalid
from groundswell.kernel.ranges import zone
from groundswell.pages.languages import choose
from groundswell.pages.model import Theme, Visit
from groundswell.visitors.dates import local_date, local_time
from groundswell.visitors.letters import LANGUAGES
from groundswell.visitors.model import Host

TRAP = "homepage"
"""A field that nobody sees: whoever fills it in is a program."""
_ATTRIBUTION_AT_MOST = 20
_OURS = frozenset({"lang", "timezone", "at", "from", "move"})


def theme_of(host: Host) -> Theme:
    return Theme(host.name, host.logo)


def attribution_of(visit: Visit) -> dict[str, str]:
    """Where a visitor comes from, as the link to the page says: `?utm_campaign=spring`."""
    attribution = {
        name[:40]: value[:200] for name, value in visit.query.items() if name not in _OURS and value.isprintable()
    }
    return dict(sorted(attribution.items())[:_ATTRIBUTION_AT_MOST])


def language(visit: Visit) -> str:
    """In which mails are written to this visitor: the page's."""
    return choose(visit.languages, LANGUAGES)


def timezone_of(visit: Visit, form: Mapping[str, str], otherwise: str) -> str:
    """The zone that the visitor names, if there is such a one."""
    named = form.get("timezone") or visit.query.get("timezone") or otherwise
    try:
        zone(named)
    except Invalid:
        return otherwise
    return named


def shown_time(moment: datetime, timezone: str, visit: Visit) -> str:
    return local_time(moment, timezone, language(visit))


def shown_date(moment: datetime, timezone: str, visit: Visit) -> str:
    return local_date(moment, timezone, language(visit))
