"""Verdicts on rejected events."""

from infra.declarations import READ, Feature, Function, Grant, Routes

FEATURE = Feature(
    name="privacy",
    functions=(
        Function(
            name="privacy",
            feature="privacy",
            routes=(Routes("/analytics/rejections"),),
            grants=(
                Grant("table", "core", (*READ, "UpdateItem")),
                Grant("table", "ephemeral", (*READ, "PutItem", "UpdateItem", "DeleteItem")),
                Grant("secret", "signing", ("GetSecretValue",)),
            ),
            timeout=29,
        ),
    ),
)
