"""Our keys for vendors: settings on one machine, members of the secret `vendors` in AWS."""

import json
import os
from functools import cache

from groundswell.storage.client import secrets
from groundswell.storage.settings import secret_id


def vendor_key(name: str) -> str:
    """`OPENAI_API_KEY` and so on; empty when there is none, and the feature goes without. Secrets Manager is asked once
    a process."""
    return os.environ.get(name) or (_stored().get(name.lower(), "") if "SECRET_VENDORS" in os.environ else "")


@cache
def _stored() -> dict[str, str]:
    text = secrets().get_secret_value(SecretId=secret_id("vendors"))["SecretString"]
    return {str(name).lower(): str(value) for name, value in json.loads(text).items()}
