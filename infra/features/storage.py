"""What all features share: tables by temperature, buckets, the signing secret, and the key that seals credentials."""

from infra.declarations import Bucket, Feature, Index, Key, PersonalData, Secret, Table

FEATURE = Feature(
    name="storage",
    personal_data=(PersonalData(package="schedules"),),
    tables=(
        Table(
            name="core",
            indexes=(Index(name="gsi1", pk="gsi1pk", sk="gsi1sk"), Index(name="gsi2", pk="gsi2pk", sk="gsi2sk")),
            ttl="expires_at",
            stream=True,
        ),
        Table(name="events", ttl="expires_at", stream=True),
        Table(name="ephemeral", ttl="expires_at", kept=False),
    ),
    secrets=(
        Secret(name="signing", template='{"kid": "initial"}', generated="secret"),
        Secret(name="links", template='{"kid": "initial"}', generated="secret"),
        # Members are named like the settings: `openai_api_key` and so on. An operator fills them in.
        Secret(name="vendors", template="{}", generated="unused", setting="VENDOR_KEYS"),
    ),
    buckets=(
        Bucket(name="archive", cold_days=90),
        Bucket(name="exports", expire_days=7, kept=False),
    ),
    keys=(Key(name="credentials", purpose="seals second factors and credentials of integrations"),),
)
