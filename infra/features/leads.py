"""Leads: one record per person."""

from infra.declarations import READ, WRITE, Feature, Function, Grant, PersonalData, Routes

FEATURE = Feature(
    name="leads",
    personal_data=(PersonalData(package="leads"),),
    functions=(
        Function(
            name="leads",
            feature="leads",
            group="growth",
            routes=(Routes("/leads"),),
            grants=(
                Grant("table", "core", (*READ, *WRITE, "BatchWriteItem")),
                Grant("table", "events", READ),  # what the lead did: its timeline
                Grant("table", "ephemeral", READ + WRITE),
                Grant("secret", "signing", ("GetSecretValue",)),
            ),
        ),
    ),
)
