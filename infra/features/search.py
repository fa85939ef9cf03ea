"""AI lead search, and whether addresses can be reached."""

from infra.declarations import READ, WRITE, Feature, Function, Grant, PersonalData, Routes

_MODEL = (
    "OPENAI_URL",
    "OPENAI_API_KEY",
    "OPENAI_MODEL",
    "OPENAI_FALLBACK_MODEL",
    "OPENAI_TEMPERATURE",
    "OPENAI_MAX_TOKENS",
    "OPENAI_MONTHLY_TOKENS",
)

FEATURE = Feature(
    name="search",
    personal_data=(PersonalData(package="search"),),
    functions=(
        Function(
            name="search",
            feature="search",
            group="growth",
            routes=(Routes("/search", bare=False),),
            grants=(
                Grant("table", "core", READ + WRITE),
                Grant("table", "ephemeral", READ + WRITE),
                Grant("secret", "signing", ("GetSecretValue",)),
                Grant("secret", "vendors", ("GetSecretValue",)),
            ),
            settings=_MODEL,
            timeout=29,  # a strategy by the model; a hundred addresses at once
        ),
    ),
)
