"""Telegram bots: connecting them, and what Telegram tells of them."""

from infra.declarations import READ, WRITE, Feature, Function, Grant, PersonalData, Routes

FEATURE = Feature(
    name="bots",
    personal_data=(PersonalData(package="bots", tables=("core", "ephemeral")),),
    functions=(
        Function(
            name="bots",
            feature="bots",
            group="growth",
            routes=(Routes("/bots"), Routes("/bot", bare=False, by_programs=True)),
            timeout=29,  # Telegram is asked, and asked again
            grants=(
                Grant("table", "core", READ + WRITE),
                Grant("table", "ephemeral", READ + WRITE),
                Grant("secret", "signing", ("GetSecretValue",)),
                Grant("key", "credentials", ("Encrypt", "Decrypt")),
                Grant("queue", "conversations", ("SendMessage",)),
            ),
            settings=("PUBLIC_URL", "TELEGRAM_URL"),
        ),
    ),
)
