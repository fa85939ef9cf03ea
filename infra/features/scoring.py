"""Lead scoring: points and chances with their reasons. The worker `audience_jobs` does what is long."""

from infra.declarations import READ, WRITE, Feature, Function, Grant, PersonalData, Routes

FEATURE = Feature(
    name="scoring",
    personal_data=(PersonalData(package="scoring"),),
    functions=(
        Function(
            name="scoring",
            feature="scoring",
            group="growth",
            routes=(Routes("/leadscoring"),),
            grants=(
                Grant("table", "core", READ + WRITE),
                Grant("table", "events", READ),  # what leads did
                Grant("table", "ephemeral", READ + WRITE),
                Grant("secret", "signing", ("GetSecretValue",)),
            ),
            timeout=29,  # a hundred leads at once
        ),
    ),
)
