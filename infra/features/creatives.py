"""Creatives under review. What follows in time does the worker `content` (`cms.py`)."""

from infra.declarations import READ, WRITE, Feature, Function, Grant, PersonalData, Routes

FEATURE = Feature(
    name="creatives",
    personal_data=(PersonalData(package="creatives"),),
    functions=(
        Function(
            name="creatives",
            feature="creatives",
            group="content",
            routes=(Routes("/creative-submissions"),),
            memory=1024,
            grants=(
                Grant("table", "core", (*READ, *WRITE, "BatchWriteItem")),
                Grant("table", "ephemeral", READ + WRITE),
                Grant("secret", "signing", ("GetSecretValue",)),
                Grant("secret", "links", ("GetSecretValue",)),
                Grant("bucket", "media", ("GetObject",)),
                Grant("bucket", "uploads", ("GetObject",)),
            ),
            settings=("PUBLIC_URL",),
        ),
    ),
)
