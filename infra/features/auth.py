"""Sign-up, sign-in and the caller's own profile."""

from infra.declarations import READ, WRITE, Feature, Function, Grant, Routes, Secret

FEATURE = Feature(
    name="auth",
    # An operator fills in `client_secret`; Secrets Manager only makes a secret with something generated in it.
    secrets=(Secret(name="google", template='{"client_secret": ""}', generated="unused", setting="GOOGLE_CLIENT_ID"),),
    functions=(
        Function(
            name="auth",
            feature="auth",
            routes=(Routes("/auth", bare=False), Routes("/users/me"), Routes("/dashboard/me")),
            memory=1024,  # Argon2 wants the CPU share that comes with it
            grants=(
                Grant("table", "core", READ + WRITE),
                Grant("table", "ephemeral", READ + WRITE),
                Grant("secret", "signing", ("GetSecretValue",)),
                Grant("secret", "google", ("GetSecretValue",)),
                Grant("secret", "vendors", ("GetSecretValue",)),
                Grant("key", "credentials", ("Encrypt", "Decrypt")),
            ),
            settings=(
                "REQUIRE_VERIFICATION",
                "SIGNUP_MODE",
                "PUBLIC_URL",
                "FRONTEND_URL",
                "GOOGLE_CLIENT_ID",
                "GOOGLE_CLIENT_SECRET",
                "GOOGLE_ISSUER",
                "GOOGLE_CALLBACK_URL",
                "GOOGLE_REDIRECT_URIS",
                "MICROSOFT_CLIENT_ID",
                "MICROSOFT_CLIENT_SECRET",
                "MICROSOFT_ISSUER",
                "LINKEDIN_CLIENT_ID",
                "LINKEDIN_CLIENT_SECRET",
                "LINKEDIN_ISSUER",
                "SIGN_IN_REDIRECT_URIS",
            ),
        ),
    ),
)
