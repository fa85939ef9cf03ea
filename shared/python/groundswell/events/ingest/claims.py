"""Which ids this process saw claimed, and by whom: enough to warn a sender. Who is who is decided by all events, later
(`eventlog/identity_graph.py`)."""

_MOST = 20_000


class Claims:
    """Forgets everything when it has seen too much: then a warning may be missing."""

    def __init__(self) -> None:
        self._owners: dict[tuple[str, str], str] = {}

    def conflict(self, client_id: str, user: str, previous: str | None) -> bool:
        """Whether the id before is known as another user, or as another user's. It is this one's otherwise."""
        if len(self._owners) >= _MOST:
            self._owners.clear()
        self._owners.setdefault((client_id, user), user)
        return previous is not None and self._owners.setdefault((client_id, previous), user) != user
