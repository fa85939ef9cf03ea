"""The sessions of a user: where they are signed in, and ending one of them."""

from collections.abc import Callable
from datetime import datetime

from groundswell.access.model import Caller
from groundswell.kernel.errors import NotFound
from groundswell.tenancy.auth.events import by_caller
from groundswell.tenancy.auth.model import Session
from groundswell.tenancy.auth.signin import SessionStore


class SessionNotFound(NotFound):
    code = "SESSION_NOT_FOUND"
    message = "No such session"


class DeviceService:
    def __init__(self, sessions: SessionStore, now: Callable[[], datetime]) -> None:
        self._sessions = sessions
        self._now = now

    def list(self, caller: Caller) -> tuple[Session, ...]:
        """Those that live, in no order."""
        now = self._now()
        return tuple(session for session in self._sessions.of_user(caller.user_id) if session.ends_at > now)

    def end(self, caller: Caller, session_id: str) -> None:
        """Raises SessionNotFound: missing, over, or somebody else's."""
        session = self._sessions.find(caller.user_id, session_id)
        if session is None or session.ends_at <= self._now():
            raise SessionNotFound
        entry = by_caller(caller, "session.revoked", f"session:{session.id}")
        self._sessions.end(caller.user_id, (session.id,), entry)
