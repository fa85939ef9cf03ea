"""Verdicts on rejected events, and who is not wanted or asks to be forgotten."""

from infra.declarations import READ, WRITE, Feature, Function, Grant, Routes

FEATURE = Feature(
    name="privacy",
    functions=(
        Function(
            name="privacy",
            feature="privacy",
            routes=(Routes("/analytics/rejections"), Routes("/privacy")),
            grants=(
                Grant("table", "core", READ + WRITE),
                Grant("table", "ephemeral", (*READ, "PutItem", "UpdateItem", "DeleteItem")),
                Grant("secret", "signing", ("GetSecretValue",)),
            ),
            timeout=29,
        ),
    ),
)
