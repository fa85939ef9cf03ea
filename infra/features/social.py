"""Posts to LinkedIn and X."""

from infra.declarations import READ, WRITE, Feature, Function, Grant, PersonalData, Queue, QueueTrigger, Routes

_SETTINGS = ("PUBLIC_URL", "LINKEDIN_URL", "LINKEDIN_VERSION", "LINKEDIN_CLIENT_ID", "X_URL", "X_CLIENT_ID")
_KEYS = ("LINKEDIN_CLIENT_SECRET", "X_CLIENT_SECRET")

FEATURE = Feature(
    name="social",
    personal_data=(PersonalData(package="social"),),
    queues=(Queue(name="social"),),
    functions=(
        Function(
            name="social",
            feature="social",
            group="campaigns",
            routes=(Routes("/communication/linkedin", bare=False), Routes("/communication/twitter", bare=False)),
            timeout=29,  # a network is asked
            grants=(
                Grant("table", "core", READ + WRITE),
                Grant("table", "ephemeral", READ + WRITE),
                Grant("secret", "signing", ("GetSecretValue",)),
                Grant("secret", "links", ("GetSecretValue",)),
                Grant("secret", "vendors", ("GetSecretValue",)),
                Grant("key", "credentials", ("Encrypt",)),
                Grant("bucket", "media", ("GetObject",)),
                Grant("bucket", "uploads", ("GetObject",)),
            ),
            settings=(*_SETTINGS, *_KEYS),
        ),
        Function(
            name="social_publisher",
            feature="social",
            group="campaigns",
            trigger=QueueTrigger(queue="social", batch_size=1, concurrency=10, timers=True),
            memory=1024,  # a video of half a gigabyte is sent in pieces, and read whole
            timeout=300,
            grants=(
                Grant("table", "core", READ + WRITE),
                Grant("table", "ephemeral", READ + WRITE),
                Grant("secret", "links", ("GetSecretValue",)),
                Grant("secret", "vendors", ("GetSecretValue",)),
                Grant("key", "credentials", ("Encrypt", "Decrypt")),
                Grant("bucket", "media", ("GetObject",)),
                Grant("bucket", "uploads", ("GetObject",)),
            ),
            settings=(*_SETTINGS, *_KEYS),
        ),
    ),
)
