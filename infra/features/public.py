"""Pages for people who need not be signed in: where mailed links lead, and public pages of every feature.

A feature's own short paths (`/u /p /t /c /r /w /d /b`) are added here, with `prefixes="own"`.
"""

from infra.declarations import READ, WRITE, Feature, Function, Grant, Routes

FEATURE = Feature(
    name="public",
    functions=(
        Function(
            name="public",
            feature="public",
            routes=(
                Routes("/public", bare=False),
                # What mails link to: ways out, preferences, confirmations, openings and clicks.
                *(Routes(path, bare=False, prefixes="own", by_programs=True) for path in ("/u", "/p", "/c", "/t")),
                Routes("/r", bare=False, prefixes="own"),  # reviews
                # What visitors sign up for: webinars, whitepapers, bookings.
                *(Routes(path, bare=False, prefixes="own") for path in ("/w", "/d", "/b")),
            ),
            memory=1024,  # it hashes passwords, as auth does
            grants=(
                Grant("table", "core", READ + WRITE),
                Grant("table", "ephemeral", READ + WRITE),
                Grant("secret", "signing", ("GetSecretValue",)),
                Grant("secret", "links", ("GetSecretValue",)),
                Grant("bucket", "media", ("GetObject",)),
                Grant("key", "credentials", ("Decrypt",)),
            ),
            settings=("REQUIRE_VERIFICATION", "SIGNUP_MODE", "PUBLIC_URL", "MAIL_FROM", "PAGE_CACHE_SECONDS"),
        ),
    ),
)
