"""A new signing key every thirty days. Longer than a refresh token lives: what the old key signed stays valid."""

from infra.declarations import Feature, Function, Grant, ScheduleTrigger

FEATURE = Feature(
    name="key_rotation",
    functions=(
        Function(
            name="key_rotation",
            feature="key_rotation",
            trigger=ScheduleTrigger(every_minutes=30 * 24 * 60),
            memory=256,
            timeout=30,
            grants=(
                Grant("secret", "signing", ("GetSecretValue", "PutSecretValue")),
                Grant("table", "ephemeral", ("PutItem", "UpdateItem")),
            ),
        ),
    ),
)
