"""What an event says about a chain: CAIP-2 chain, CAIP-10 account, hashes in one spelling, amounts as decimals."""

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from hashlib import blake2b
from typing import NamedTuple

import msgspec

from groundswell.events.chain.caip import account, chain, fits, is_evm, is_solana, lowered
from groundswell.events.ingest.fields import Fields, spelled
from groundswell.events.ingest.placeholders import is_unowned

MARKS = ("wallet_address", "chain_id", "transaction_hash", "tx_hash")
"""An event with one of these, at top level or in its properties, is about a chain."""
MEMBERS = ("address", "contract_address", "status", "log_index", "method")
"""What else may stand at an event's top level where readers give it these names."""

HINTS = rb'(?i:wallet_?address|chain_?id|transaction_?hash|txn?_?hash)"'
_HINT = re.compile(rb'"(?:%b)' % HINTS)
_IN_PROPERTIES = {
    **spelled(*MARKS, *MEMBERS, "function_name", "value", "block_number", "event_index", "provider_name", "rdns"),
    **spelled("wallet_name", "provider_rdns", "wallet_rdns", "from_address", "txn_hash", "account", "wallet"),
    "chainID": "chain_id",
    "txhash": "tx_hash",
    "from": "from_address",
    "contract": "contract_address",
}
_STATUSES = {
    "started": ("initiated", "requested", "created"),
    "broadcasted": ("broadcast", "submitted", "sent", "pending"),
    "confirmed": ("success", "succeeded", "successful", "completed", "complete", "mined", "finalized", "1", "0x1"),
    "reverted": ("failed", "failure", "error", "0", "0x0"),
    "rejected": ("denied", "cancelled", "canceled", "user_rejected"),
}
_STATUS = {spelling: status for status, others in _STATUSES.items() for spelling in (status, *others)}
_UINT256, _UINT256_DIGITS = 2**256, 78
_WHOLE = re.compile("[0-9]+")
_AMOUNT = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_LONG_ADDRESS = re.compile(r"0[xX][0-9a-fA-F]{41,64}")
_INTEGER = re.compile(r"[0-9]{1,20}")


class Report(NamedTuple):
    """`web3` is the canonical object as JSON; `fact` names what happened on the chain, if that is known. `unowned`: the
    wallet is nobody's, and only kept as it was written."""

    web3: bytes = b""
    fact: str | None = None
    unowned: bool = False


def hinted(properties: bytes) -> bool:
    return _HINT.search(properties) is not None


def describe(event: Fields, properties: bytes, name: str, *, transaction: bool) -> Report:
    """Raises Unacceptable for a member of the event itself that is no text.

    `transaction`: the event says that it is one.
    """
    inner = Fields(properties or b"{}", _IN_PROPERTIES, strict=False)

    def find(*names: str) -> str | None:
        return next((text for name in names if (text := event.text(name) or inner.hint(name))), None)

    fields = _place(find("chain_id"), find("wallet_address", "address", "account", "wallet", "from_address"))
    contract, tx_hash = find("contract_address"), find("transaction_hash", "tx_hash", "txn_hash")
    status, index = find("status"), find("log_index", "event_index")
    fields |= {
        "tx_hash": lowered(tx_hash) if tx_hash else None,
        "contract_address": lowered(contract) if contract else None,
        "status": _STATUS.get(status.lower(), status) if status else None,
        "method": find("method", "function_name"),
        "value": _amount(find("value")),
        "log_index": str(_number(index)) if index and _number(index) is not None else index,
        "wallet": _wallet(inner, find),
    }
    fields["warnings"] = _warnings(fields)
    unowned = fields["address_raw"] is not None and fields["address"] is None
    return Report(_json(fields), _fact(fields, name, transaction=transaction), unowned)


def _place(said_chain: str | None, said_address: str | None) -> dict[str, object]:
    """The chain and the address on it, which a CAIP-10 account names both. Nobody's address, and what is none on any
    chain, is no wallet: it would make one of all who sent it."""
    named = account(said_address) if said_address else None
    caip2, address = named or (chain(said_chain) if said_chain else None, said_address)
    owned = address is not None and not is_unowned(address) and _possible(address, caip2)
    return {
        "chain": caip2,
        "chain_raw": None if caip2 else said_chain,
        "address": lowered(address) if address and owned else None,
        "address_raw": address,
        "account": f"{caip2}:{lowered(address)}" if caip2 and address and owned and fits(address, caip2) else None,
    }


def _possible(address: str, caip2: str | None) -> bool:
    """One of another chain than the event says is somebody's all the same. Sui, Aptos and Starknet have longer ones."""
    if address[:2] in ("0x", "0X"):
        long = _LONG_ADDRESS.fullmatch(address) is not None and (caip2 is None or fits(address, caip2))
        return is_evm(address) or long
    return fits(address, caip2) or is_solana(address)


def _wallet(inner: Fields, find: Callable[..., str | None]) -> dict[str, str] | None:
    """Which program signs: EIP-6963's name and reverse domain name."""
    within = Fields(raw, _WALLET, strict=False) if (raw := inner.raw("wallet"))[:1] == b"{" else None
    fields = {
        "name": find("wallet_name", "provider_name") or (within.hint("name") if within else None),
        "rdns": find("rdns", "wallet_rdns", "provider_rdns") or (within.hint("rdns") if within else None),
    }
    return {name: text for name, text in fields.items() if text} or None


_WALLET = spelled("name", "rdns")


def _warnings(fields: dict[str, object]) -> list[str] | None:
    """What is odd. The event counts all the same. Whether an address is spelled as EIP-55 says is for readers to tell:
    that takes a hash, and every wallet spells its address so."""
    address, caip2, value = fields["address_raw"], fields["chain"], fields["value"]
    warnings = []
    if isinstance(address, str) and not fits(address, caip2 if isinstance(caip2, str) else None):
        warnings.append("address_invalid")
    if isinstance(value, str) and _WHOLE.fullmatch(value) and (len(value) > _UINT256_DIGITS or int(value) >= _UINT256):
        warnings.append("value_out_of_range")
    return warnings or None


def _amount(text: str | None) -> str | None:
    """A decimal, written out: `0x10` and `1.6e1` are `16`. What is none stays as it was written."""
    if text is None or _AMOUNT.fullmatch(text):
        return text
    if (number := _number(text)) is not None:
        return str(number)
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return text
    return f"{amount:f}" if amount.is_finite() and abs(amount.adjusted()) < 108 else text


def _number(text: str) -> int | None:
    """Of decimal or `0x` digits."""
    if _INTEGER.fullmatch(text):
        return int(text)
    return int(text, 16) if len(text) <= 66 and re.fullmatch(r"0[xX][0-9a-fA-F]+", text) else None


def _fact(fields: dict[str, object], name: str, *, transaction: bool) -> str | None:
    """The same for every report of one fact: by an SDK, by the backend, by an indexer.

    An event that only mentions a transaction is none. Without status and log index, the event's name tells facts of
    one transaction apart.
    """
    status, index = fields["status"], fields["log_index"]
    if not fields["chain"] or not fields["tx_hash"] or not (transaction or status or index):
        return None
    marker = status or index
    parts = (fields["chain"], fields["tx_hash"], status or "", index or "", "" if marker else name.lower())
    digest = blake2b("\0".join(map(str, parts)).encode("utf-8", "surrogatepass"), digest_size=16, person=b"fact")
    at = digest.hexdigest()
    return f"{at[:8]}-{at[8:12]}-{at[12:16]}-{at[16:20]}-{at[20:]}"  # a column of UUIDs takes 16 bytes each


def _json(fields: dict[str, object]) -> bytes:
    return msgspec.json.encode({name: value for name, value in fields.items() if value is not None})
