"""Who owns what is kept of a client: the features' personal data, as the catalogue hands it to purge and erasure."""

import pytest

from groundswell.personal_data.adapter_registry import load_personal_data
from infra import catalogue


def all_personal_data(environment=None):
    """As the purge loads it. `environment` is one that has all tables and buckets; names made up, unless given."""
    places = {
        **{f"TABLE_{table.name.upper()}": table.name for table in catalogue.TABLES},
        **{f"BUCKET_{bucket.name.upper()}": bucket.name for bucket in catalogue.BUCKETS},
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (places if environment is None else environment).items():
            patch.setenv(name, value)
        patch.setenv("PERSONAL_DATA", catalogue.function("purge").environment["PERSONAL_DATA"])
        return load_personal_data()


def owners(features, table, item, client):
    """Of an item of the table of that name."""
    listed = item.get("gsi1pk", {}).get("S") == f"CLIENT#{client}"
    key = item.get("gsi1sk", {}).get("S", "")
    place = f"{table} {item['pk']['S']} {item['sk']['S']}"
    return [
        feature
        for feature in features
        if (listed and key.startswith(tuple(feature.prefixes))) or place.startswith(_places(feature, client))
    ]


def object_owners(features, bucket, name, client):
    return [feature for feature in features if f"{bucket} {name}".startswith(_places(feature, client))]


def _places(feature, client):
    return tuple(place.format(client=client) for place in feature.places)
