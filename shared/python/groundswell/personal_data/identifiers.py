"""By what a person is known. Compared by keyed digest, so that a list of people need not name them."""

from enum import StrEnum
from hashlib import blake2b

import msgspec

from groundswell.kernel.email import email_key

SIZE = 8
"""Bytes of a digest."""


class IdKind(StrEnum):
    USER = "user_id"
    ANONYMOUS = "anonymous_id"
    WALLET = "wallet"
    EMAIL = "email"
    PHONE = "phone"
    LEAD = "lead_id"
    TELEGRAM = "telegram_chat_id"


EVENT_KINDS = (IdKind.USER, IdKind.ANONYMOUS, IdKind.WALLET)
"""Those that an event may name; ingestion lets nobody in who is suppressed by one of them."""


class Identifier(msgspec.Struct, frozen=True, order=True):
    """A wallet is its address on whatever chain: lower case where it is hexadecimal, without its CAIP-10 prefix. An
    e-mail is its key, a phone number is E.164."""

    kind: IdKind
    value: str

    @classmethod
    def of(cls, kind: IdKind, value: str) -> "Identifier":
        """Of a value as people and events write it."""
        match kind:
            case IdKind.WALLET:
                return cls(kind, wallet(value))
            case IdKind.EMAIL:
                return cls(kind, email_key(value))
        return cls(kind, value)

    def digest(self, client_id: str) -> bytes:
        text = f"{self.kind.value}\0{self.value}".encode("utf-8", "surrogatepass")
        return blake2b(text, digest_size=SIZE, key=client_id.encode()[:64], person=b"who").digest()


def wallet(text: str) -> str:
    address = text.rpartition(":")[2].strip()
    return address.lower() if address[:2] in ("0x", "0X") else address
