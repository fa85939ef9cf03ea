"""The tables that all features share, by temperature, the signing secret, and the key that seals credentials."""

from infra.declarations import Feature, Index, Key, Secret, Table

FEATURE = Feature(
    name="storage",
    tables=(
        Table(name="core", indexes=(Index(name="gsi1", pk="gsi1pk", sk="gsi1sk"),), ttl="expires_at", stream=True),
        Table(name="events", ttl="expires_at", stream=True),
        Table(name="ephemeral", ttl="expires_at", kept=False),
    ),
    secrets=(Secret(name="signing", template='{"kid": "initial"}', generated="secret"),),
    keys=(Key(name="credentials", purpose="seals second factors and credentials of integrations"),),
)
