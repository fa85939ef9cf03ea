"""The organization, its client companies with their members and API keys, and invitations."""

from infra.declarations import READ, WRITE, Feature, Function, Grant, PersonalData, Routes

FEATURE = Feature(
    name="clients",
    personal_data=(
        PersonalData(package="tenancy.clients"),
        PersonalData(package="tenancy.members"),
        PersonalData(package="tenancy.invitations"),
    ),
    functions=(
        Function(
            name="clients",
            feature="clients",
            routes=(
                Routes("/clients"),
                Routes("/dashboard/client-companies"),
                Routes("/organization"),
                Routes("/invitations", bare=False),
            ),
            grants=(
                Grant("table", "core", READ + WRITE),
                Grant("table", "ephemeral", READ + WRITE),
                Grant("secret", "signing", ("GetSecretValue",)),
            ),
            settings=("SIGNUP_MODE", "PUBLIC_URL", "FRONTEND_URL"),
        ),
    ),
)
