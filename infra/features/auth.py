"""Sign-up, sign-in and the caller's own profile."""

from infra.declarations import READ, WRITE, Feature, Function, Grant, Routes

FEATURE = Feature(
    name="auth",
    functions=(
        Function(
            name="auth",
            feature="auth",
            routes=(Routes("/auth"), Routes("/users/me"), Routes("/dashboard/me")),
            memory=1024,  # Argon2 wants the CPU share that comes with it
            grants=(
                Grant("table", "core", READ + WRITE),
                Grant("table", "ephemeral", READ + WRITE),
                Grant("secret", "signing", ("GetSecretValue",)),
                Grant("key", "credentials", ("Encrypt", "Decrypt")),
            ),
            settings=("REQUIRE_VERIFICATION", "SIGNUP_MODE", "PUBLIC_URL"),
        ),
    ),
)
