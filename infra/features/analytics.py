"""The readers: raw events, metric series, and custom metric points."""

from infra.declarations import READ, WRITE, Feature, Function, Grant, Routes

FEATURE = Feature(
    name="analytics",
    functions=(
        Function(
            name="analytics",
            feature="analytics",
            routes=(
                Routes("/analytics"),
                Routes("/dashboard/client-companies/{id}/events"),
                Routes("/dashboard/client-companies/{id}/web3-events"),
            ),
            grants=(
                Grant("table", "core", READ + WRITE),  # an API key's last use; blocked events; wallets
                Grant("table", "events", (*READ, "PutItem", "BatchWriteItem")),
                Grant("table", "ephemeral", (*READ, "PutItem", "UpdateItem", "DeleteItem")),
                Grant("secret", "signing", ("GetSecretValue",)),
            ),
            timeout=29,
            memory=1769,  # one whole core: a question reads up to a million events
        ),
    ),
)
