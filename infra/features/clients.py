"""Client companies and their API keys."""

from infra.declarations import READ, WRITE, Feature, Function, Grant, Routes

FEATURE = Feature(
    name="clients",
    functions=(
        Function(
            name="clients",
            feature="clients",
            routes=(Routes("/clients"), Routes("/dashboard/client-companies")),
            grants=(
                Grant("table", "core", READ + WRITE),
                Grant("table", "ephemeral", READ + WRITE),
                Grant("secret", "signing", ("GetSecretValue",)),
            ),
        ),
    ),
)
