"""By what a person is known, in the one spelling by which two are compared."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

from groundswell.events.chain import caip
from groundswell.kernel.email import normalize_email

EXTERNAL_AT_MOST = 10
_CHAT = re.compile(r"-?[0-9]{1,19}")
_REGION = re.compile(r"[-_]([A-Za-z]{2})$")


class IdentityKind(StrEnum):
    EMAIL = "email"
    PHONE = "phone"
    TELEGRAM = "telegram_chat_id"
    WALLET = "wallet"
    DISTINCT = "distinct_id"
    EXTERNAL = "external"


@dataclass(frozen=True, order=True)
class Identity:
    """`value` is normalized; of an external id it is `<system>=<id>`, both percent-encoded."""

    kind: IdentityKind
    value: str

    @property
    def key(self) -> str:
        """What no two leads of a client have: one key owns a wallet on all EVM chains."""
        if self.kind is IdentityKind.WALLET and self.value.startswith("eip155:"):
            return f"{self.kind}:eip155:*:{self.value.rpartition(':')[2].lower()}"
        return f"{self.kind}:{self.value}"


def wallet_keys(address: str) -> tuple[str, ...]:
    """Of all leads that may have an address of whatever chain, as events have it: not every one says on which it is."""
    accounts = [f"{chain}:{address}" for chain in caip.SOLANA] if caip.is_solana(address) else [f"eip155:1:{address}"]
    return tuple(Identity(IdentityKind.WALLET, account).key for account in accounts)


def external(system: str, value: str) -> Identity:
    return Identity(IdentityKind.EXTERNAL, f"{quote(system, safe='')}={quote(value, safe='')}")


def normalize(kind: IdentityKind, text: str) -> str:
    """Raises ValueError that says what is wanted."""
    return _NORMALIZERS[kind](text)


def normalize_phone(text: str, region: str | None = None) -> str:
    """E.164. A national number needs `region` (ISO 3166), or a locale that ends with one. Raises ValueError."""
    import phonenumbers  # its tables cost a cold start, and few requests have a number

    match = _REGION.search(region or "")
    wanted = match[1].upper() if match else region if region and len(region) == 2 and region.isupper() else None
    try:
        number = phonenumbers.parse(text, wanted)
    except phonenumbers.NumberParseException as error:
        raise ValueError("not an international number, such as +49 30 901820") from error
    if not phonenumbers.is_possible_number(number):
        raise ValueError("no number has so many digits there")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normalize_wallet(text: str) -> str:
    """CAIP-10, an EVM address in EIP-55's spelling. An EVM address alone is Ethereum's. Raises ValueError."""
    named = f"eip155:1:{text}" if caip.is_evm(text) else text
    account = caip.account(named)
    if account is None or not caip.fits(account[1], account[0]):
        raise ValueError("not an account such as eip155:1:0x… (CAIP-10)")
    if caip.misspelt(account[1]):
        raise ValueError("the address has a wrong digit: its case is not the checksum's (EIP-55)")
    return f"{account[0]}:{caip.checksummed(caip.lowered(account[1]))}"


def _normalize_chat(text: str) -> str:
    if not _CHAT.fullmatch(text):
        raise ValueError("not the number of a Telegram chat")
    return str(int(text))


def _normalize_distinct(text: str) -> str:
    if not text.isprintable() or not text:
        raise ValueError("an id without control characters")
    return text


_NORMALIZERS: dict[IdentityKind, Callable[[str], str]] = {
    IdentityKind.EMAIL: normalize_email,
    IdentityKind.PHONE: normalize_phone,
    IdentityKind.TELEGRAM: _normalize_chat,
    IdentityKind.WALLET: normalize_wallet,
    IdentityKind.DISTINCT: _normalize_distinct,
    IdentityKind.EXTERNAL: _normalize_distinct,
}
