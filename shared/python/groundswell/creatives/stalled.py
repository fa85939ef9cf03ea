"""Reviews that make no progress: those who are asked, and whoever submitted the creative, are told once a version."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from groundswell.audit.model import SYSTEM
from groundswell.creatives import events as news
from groundswell.creatives.model import Creative
from groundswell.creatives.review_tasks import is_stalled
from groundswell.kernel.message import Message


class StalledStore(Protocol):
    def find(self, client_id: str, creative_id: str) -> Creative | None: ...

    def say(self, messages: Sequence[Message]) -> None: ...


class StalledReviews:
    def __init__(self, store: StalledStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def tell(self, client_id: str, creative_id: str, due: str) -> bool:
        """Whether anybody had to be told: what was decided or changed since is left alone."""
        creative = self._store.find(client_id, creative_id)
        if creative is None or not is_stalled(creative, due):
            return False
        people = {*creative.awaited, *creative.authors}
        text = f"No decision yet: {creative.content.title}"
        version = f"v{creative.creative_version}"
        self._store.say(news.notice(creative, people, news.STALLED, text, SYSTEM, self._now(), version))
        return True
