"""The signing secret in Secrets Manager."""

from groundswell.storage.client import secrets
from groundswell.storage.settings import secret_id


class SigningSecret:
    def read(self) -> str:
        return secrets().get_secret_value(SecretId=secret_id("signing"))["SecretString"]

    def write(self, text: str, once: str) -> None:
        secrets().put_secret_value(SecretId=secret_id("signing"), SecretString=text, ClientRequestToken=once)
