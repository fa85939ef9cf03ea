"""Webinars, whitepapers and bookings: what visitors sign up for, and what follows from it."""

from infra.declarations import READ, WRITE, Feature, Function, Grant, PersonalData, Queue, QueueTrigger, Routes

_VISITED = (
    Grant("table", "core", (*READ, *WRITE, "BatchWriteItem")),
    Grant("table", "ephemeral", READ + WRITE),
    Grant("secret", "signing", ("GetSecretValue",)),
    Grant("secret", "links", ("GetSecretValue",)),
)

FEATURE = Feature(
    name="webinars",
    personal_data=tuple(PersonalData(package=package) for package in ("webinars", "bookings", "whitepapers")),
    queues=(Queue(name="business"),),
    functions=(
        Function(
            name="webinars",
            feature="webinars",
            group="content",
            routes=(Routes("/business/webinars"),),
            grants=_VISITED,
            settings=("PUBLIC_URL", "MAIL_FROM"),
            timeout=29,  # the attendance of two hundred
        ),
        Function(
            name="bookings",
            feature="webinars",
            group="content",
            routes=(Routes("/business/bookings"), Routes("/business/booking-types")),
            grants=_VISITED,
            settings=("PUBLIC_URL", "MAIL_FROM"),
        ),
        Function(
            name="whitepapers",
            feature="webinars",
            group="content",
            routes=(Routes("/business/whitepapers"),),
            grants=(*_VISITED, Grant("bucket", "media", ("GetObject",)), Grant("bucket", "uploads", ("GetObject",))),
            settings=("PUBLIC_URL", "MAIL_FROM"),
        ),
        Function(
            name="business",
            feature="webinars",
            group="content",
            layers=("core", "content"),  # outside calendars
            trigger=QueueTrigger(queue="business", timers=True),
            timeout=300,  # mails to everybody who registered
            grants=(
                Grant("table", "core", READ + WRITE),
                Grant("table", "ephemeral", ("PutItem", "UpdateItem")),
                Grant("secret", "links", ("GetSecretValue",)),
            ),
            settings=("PUBLIC_URL", "MAIL_FROM", "ALLOW_LOOPBACK_HOSTS"),
        ),
    ),
)
