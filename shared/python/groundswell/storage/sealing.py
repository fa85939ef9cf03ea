"""Small secrets that we must be able to read again (second factors, credentials of integrations), sealed with KMS.

KMS encrypts them itself: up to 4 KB, no cryptography in our process, and every opening is in CloudTrail with its
context. The context (whose it is and what for) is authenticated: sealed text moved to another tenant does not open.
"""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping
from typing import Protocol

from botocore.exceptions import ClientError

from groundswell.storage.client import kms
from groundswell.storage.settings import key_id

LONGEST = 4096
_VERSION = "kms1."


class SealBroken(Exception):
    """The text was not sealed by us, or not in this context: damage or theft, never the caller's mistake."""


class Sealer(Protocol):
    """`context` names whose secret it is and what for, such as `{"user": id, "use": "totp"}`; it is not a secret."""

    def seal(self, plain: bytes, context: Mapping[str, str]) -> str:
        """Text that only `open` with the same context turns back. Raises ValueError beyond LONGEST bytes."""

    def open(self, sealed: str, context: Mapping[str, str]) -> bytes:
        """Raises SealBroken."""


class KmsSealer:
    """With the KMS key of that declared name. One call each way."""

    def __init__(self, key: str) -> None:
        self._key = key

    def seal(self, plain: bytes, context: Mapping[str, str]) -> str:
        if len(plain) > LONGEST:
            raise ValueError(f"{len(plain)} bytes: KMS encrypts {LONGEST} at most")
        answer = kms().encrypt(KeyId=key_id(self._key), Plaintext=plain, EncryptionContext=context)
        return _VERSION + b64encode(answer["CiphertextBlob"]).decode()

    def open(self, sealed: str, context: Mapping[str, str]) -> bytes:
        if not sealed.startswith(_VERSION):
            raise SealBroken
        try:
            blob = b64decode(sealed.removeprefix(_VERSION), validate=True)
            answer = kms().decrypt(KeyId=key_id(self._key), CiphertextBlob=blob, EncryptionContext=context)
        except Base64Error as error:
            raise SealBroken from error
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("InvalidCiphertextException", "IncorrectKeyException"):
                raise
            raise SealBroken from error
        return answer["Plaintext"]
