"""What a webinar wants to hear of at a time."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from groundswell.schedules.timers import Timer
from groundswell.visitors.model import QUEUE
from groundswell.webinars.model import Status, Webinar
from groundswell.webinars.registration import Registration, State

START, END = "webinar.start", "webinar.end"
REMIND_DAY, REMIND_HOUR, FOLLOW_UP = "webinar.remind_day", "webinar.remind_hour", "webinar.follow_up"
OFFER = "webinar.offer"
KINDS = (START, END, REMIND_DAY, REMIND_HOUR, FOLLOW_UP, OFFER)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def timers_of(webinar: Webinar, since: datetime) -> Mapping[str, Timer]:
    """By kind. Nobody is reminded of what was over when the webinar came to be as it is (`since`)."""
    wanted: dict[str, datetime] = {}
    if webinar.status in (Status.PUBLISHED, Status.LIVE):
        wanted = {
            REMIND_DAY: webinar.starts_at - DAY,
            REMIND_HOUR: webinar.starts_at - HOUR,
            START: webinar.starts_at,
            END: webinar.ends_at,
        }
    if webinar.status in (Status.PUBLISHED, Status.LIVE, Status.ENDED):
        wanted[FOLLOW_UP] = webinar.ends_at + HOUR
    due = {kind: at for kind, at in wanted.items() if at > since}
    return {kind: Timer(webinar.client_id, kind, webinar.id, at, QUEUE) for kind, at in due.items()}


def offer_key(registration: Registration) -> str:
    return f"{registration.webinar_id}:{registration.id}"


def offer_timer(registration: Registration) -> Timer | None:
    """None for what is no offer."""
    if registration.status is not State.OFFERED or registration.offer_expires_at is None:
        return None
    return Timer(registration.client_id, OFFER, offer_key(registration), registration.offer_expires_at, QUEUE)
