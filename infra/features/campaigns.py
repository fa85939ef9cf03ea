"""Campaigns over e-mail and Telegram, and their templates."""

from infra.declarations import READ, WRITE, Feature, Function, Grant, PersonalData, Queue, QueueTrigger, Routes

_TIMEOUT = 120

FEATURE = Feature(
    name="campaigns",
    personal_data=(PersonalData(package="campaigns"),),
    queues=(Queue(name="campaigns", max_receives=10),),
    functions=(
        Function(
            name="campaigns",
            feature="campaigns",
            group="campaigns",
            layers=("core", "content"),  # MJML, CSS
            routes=(
                Routes("/campaigns"),
                Routes("/communication/email", bare=False),
                Routes("/broadcast", bare=False),
                *(
                    Routes(f"/hooks/{provider}", bare=False, by_programs=True)
                    for provider in ("ses", "sendgrid", "mailgun")
                ),
            ),
            grants=(
                Grant("table", "core", READ + WRITE),
                Grant("table", "ephemeral", READ + WRITE),
                Grant("table", "events", READ),  # cohorts
                Grant("secret", "signing", ("GetSecretValue",)),
                Grant("secret", "links", ("GetSecretValue",)),
                Grant("key", "credentials", ("Encrypt", "Decrypt")),
                Grant("queue", "campaigns", ("SendMessage",)),
            ),
            settings=("PUBLIC_URL", "DNS_SERVERS", "SENDGRID_URL", "MAILGUN_URL", "ALLOW_LOOPBACK_HOSTS"),
            timeout=29,
        ),
        Function(
            name="campaign_sender",
            feature="campaigns",
            group="campaigns",
            layers=("core", "content"),
            # What is throttled goes on by messages to its own queue.
            trigger=QueueTrigger(queue="campaigns", batch_size=5, concurrency=20, rounds=1_000_000, timers=True),
            timeout=_TIMEOUT,
            grants=(
                Grant("table", "core", (*READ, *WRITE, "BatchWriteItem")),
                Grant("table", "ephemeral", ("GetItem", "PutItem", "UpdateItem")),
                Grant("table", "events", READ),  # cohorts
                Grant("queue", "campaigns", ("SendMessage",)),
                Grant("secret", "links", ("GetSecretValue",)),
                Grant("ses", "identity", ("SendEmail", "SendRawEmail")),
                Grant("key", "credentials", ("Decrypt",)),  # tokens of bots
            ),
            settings=(
                "MAIL_TRANSPORT",
                "MAIL_FROM",
                "MAIL_CONFIGURATION_SET",
                "SMTP_URL",
                "PUBLIC_URL",
                "TELEGRAM_URL",
                "SENDGRID_URL",
                "MAILGUN_URL",
                "ALLOW_LOOPBACK_HOSTS",
            ),
            environment={"LEASE_SECONDS": str(_TIMEOUT + 10)},
        ),
    ),
)
