"""Who was there, as organizers or the platform of the meeting say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.message import Message
from groundswell.visitors.model import person_id
from groundswell.webinars.model import Webinar
from groundswell.webinars.registration import Registration
from groundswell.webinars.service import for_worker

_ATTEMPTS = 4


class AttendanceStore(Protocol):
    def registration(self, webinar: Webinar, registration_id: str) -> Registration | None: ...

    def settle(
        self, webinar: Webinar, before: Registration | None, after: Registration, messages: Sequence[Message]
    ) -> Registration: ...


@dataclass(frozen=True)
class Attendee:
    """By the registration's id, else by the e-mail. Times are None where nobody says."""

    registration_id: str | None = None
    email: str | None = None
    attended: bool = True
    joined_at: datetime | None = None
    left_at: datetime | None = None


@dataclass(frozen=True)
class Recorded:
    registrations: Sequence[Registration]
    unknown: Sequence[str]


class AttendanceService:
    def __init__(self, store: AttendanceStore, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._store = store
        self._now = now
        self._new_id = new_id

    def record(self, webinar: Webinar, attendees: Sequence[Attendee]) -> Recorded:
        """Each for itself; who is not registered is named as unknown. Saying the same again changes nothing."""
        recorded, unknown = list[Registration](), list[str]()
        for attendee in attendees:
            registration = self._record(webinar, attendee)
            if registration:
                recorded.append(registration)
            else:
                unknown.append(attendee.registration_id or attendee.email or "")
        return Recorded(recorded, unknown)

    def _record(self, webinar: Webinar, attendee: Attendee) -> Registration | None:
        wanted = attendee.registration_id or person_id(webinar.id, attendee.email or "")
        for left in reversed(range(_ATTEMPTS)):
            before = self._store.registration(webinar, wanted)
            if before is None:
                return None
            after = replace(
                before,
                attended=attendee.attended,
                joined_at=attendee.joined_at or (before.joined_at if attendee.attended else None),
                left_at=attendee.left_at or (before.left_at if attendee.attended else None),
            )
            if after == before:
                return before
            after = replace(after, updated_at=self._now())
            messages = [for_worker("lead", webinar, self._new_id(), registration_id=after.id)]
            try:
                return self._store.settle(webinar, before, after, messages)
            except PreconditionFailed:
                if not left:
                    raise
        return None
