"""Campaigns over e-mail and Telegram, and their templates."""

from infra.declarations import READ, WRITE, Feature, Function, Grant, PersonalData, Routes

FEATURE = Feature(
    name="campaigns",
    personal_data=(PersonalData(package="campaigns"),),
    functions=(
        Function(
            name="campaigns",
            feature="campaigns",
            group="campaigns",
            layers=("core", "content"),  # MJML
            routes=(
                Routes("/campaigns"),
                Routes("/communication/email", bare=False),
                Routes("/broadcast", bare=False),
            ),
            grants=(
                Grant("table", "core", READ + WRITE),
                Grant("table", "ephemeral", READ + WRITE),
                Grant("secret", "signing", ("GetSecretValue",)),
            ),
            timeout=29,
        ),
    ),
)
