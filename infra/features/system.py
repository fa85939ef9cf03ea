"""Health, the API's description, and the answer to every path that nobody owns."""

from infra.declarations import Feature, Function, Grant, Routes
from infra.vendors import SHOWN_AS_CONFIGURED

FEATURE = Feature(
    name="system",
    functions=(
        Function(
            name="system",
            feature="system",
            routes=(
                Routes("/health"),
                Routes("/system", bare=False),
                Routes("/openapi.json", greedy=False),
                Routes("/openapi", bare=False),
                Routes("/docs"),
                Routes("/redoc", greedy=False),
                Routes("/", greedy=False, prefixes="own"),
            ),
            default_route=True,
            settings=("OPENAPI_DOCUMENT", "DOCS", "LINKEDIN_VERSION", *SHOWN_AS_CONFIGURED),
            grants=(
                Grant("table", "core", ("DescribeTable",)),
                Grant("table", "events", ("DescribeTable",)),
                Grant("table", "ephemeral", ("DescribeTable", "Query")),
                Grant("secret", "vendors", ("GetSecretValue",)),
                Grant("queue", "mail", ("GetQueueAttributes",)),
            ),
        ),
    ),
)
