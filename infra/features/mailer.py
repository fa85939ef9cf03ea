"""Transactional mail, sent from its queue, each message once."""

from infra.declarations import Feature, Function, Grant, Queue, QueueTrigger

FEATURE = Feature(
    name="mailer",
    queues=(Queue(name="mail"),),
    functions=(
        Function(
            name="mailer",
            feature="mailer",
            trigger=QueueTrigger(queue="mail", batch_size=10),
            timeout=30,
            reserved=10,
            grants=(
                Grant("table", "ephemeral", ("GetItem", "PutItem", "UpdateItem", "DeleteItem")),
                # What composes its own MIME needs both: SESv2 asks for the second where the content is raw.
                Grant("ses", "identity", ("SendEmail", "SendRawEmail")),
            ),
            settings=("MAIL_TRANSPORT", "MAIL_FROM", "MAIL_CONFIGURATION_SET", "SMTP_URL"),
        ),
    ),
)
