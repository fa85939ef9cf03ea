"""What a booking wants to hear of at a time."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from groundswell.bookings.model import Booking, Status
from groundswell.schedules.timers import Timer
from groundswell.visitors.model import QUEUE

START, END = "booking.start", "booking.end"
CALENDARS = "booking.calendars"
REMIND_DAY, REMIND_HOUR = "booking.remind_day", "booking.remind_hour"
HOLD = "booking.hold"
KINDS = (START, END, REMIND_DAY, REMIND_HOUR, CALENDARS, HOLD)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def hold_timer(client_id: str, hold_id: str, due: datetime, payload: Mapping[str, str] | None = None) -> Timer:
    """When a hold that nobody used or released is over."""
    return Timer(client_id, HOLD, hold_id, due, QUEUE, payload or {})


def calendars_timer(client_id: str, type_id: str, at: datetime) -> Timer:
    """When the outside calendars of a type are read."""
    return Timer(client_id, CALENDARS, type_id, at, QUEUE, grace=timedelta(days=1))


def timers_of(booking: Booking, since: datetime) -> Mapping[str, Timer]:
    """By kind. What nobody confirmed until it begins is declined then; what took place is completed."""
    wanted: dict[str, datetime] = {}
    if booking.status is Status.PENDING:
        wanted = {START: booking.starts_at}
    elif booking.status is Status.CONFIRMED:
        wanted = {
            REMIND_DAY: booking.starts_at - DAY,
            REMIND_HOUR: booking.starts_at - HOUR,
            END: booking.ends_at,
        }
    due = {kind: at for kind, at in wanted.items() if at > since}
    return {kind: Timer(booking.client_id, kind, booking.id, at, QUEUE) for kind, at in due.items()}
