"""What an event says about a chain: CAIP-2 chain, CAIP-10 account, hashes in one spelling, amounts as written."""

import re

import msgspec

from groundswell.ingest.fields import Fields, spelled

MARKS = ("wallet_address", "chain_id", "transaction_hash", "tx_hash")
"""An event with one of these, at top level or in its properties, is about a chain."""

_IN_PROPERTIES = spelled(
    *MARKS, "address", "contract_address", "status", "method", "function_name", "value", "log_index", "block_number"
)
_HINT = re.compile(rb'"(?:wallet_?address|chain_?id|transaction_?hash|tx_?hash)"', re.IGNORECASE)
_CAIP2 = re.compile(r"[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}")
_HEX = re.compile(r"0x[0-9a-fA-F]+")


def hinted(properties: bytes) -> bool:
    return _HINT.search(properties) is not None


def chain(text: str) -> str | None:
    """CAIP-2: `1`, `0x1` and `eip155:1` are `eip155:1`; other namespaces stay as they are. None: not a chain id."""
    if text.isascii() and text.isdigit():
        return f"eip155:{int(text)}" if len(text) <= 32 else None
    if _HEX.fullmatch(text):
        number = str(int(text, 16))
        return f"eip155:{number}" if len(number) <= 32 else None
    return text if _CAIP2.fullmatch(text) else None


def lowered(text: str) -> str:
    """EVM addresses and hashes compare without case; base58 (Solana) does not."""
    return text.lower() if _HEX.fullmatch(text) else text


def describe(event: Fields, properties: bytes) -> bytes:
    """The canonical `web3` object, as JSON. Raises Unacceptable for a member of the event itself that is no text."""
    inner = Fields(properties or b"{}", _IN_PROPERTIES, strict=False)

    def find(*names: str) -> str | None:
        return next((text for name in names if (text := event.text(name) or inner.hint(name))), None)

    said_chain, address = find("chain_id"), find("wallet_address", "address")
    caip2 = chain(said_chain) if said_chain else None
    contract, tx_hash = find("contract_address"), find("transaction_hash", "tx_hash")
    said = {
        "chain": caip2,
        "chain_raw": None if caip2 else said_chain,
        "address": lowered(address) if address else None,
        "address_raw": address,
        "account": f"{caip2}:{lowered(address)}" if caip2 and address else None,
        "tx_hash": lowered(tx_hash) if tx_hash else None,
        "contract_address": lowered(contract) if contract else None,
        "status": find("status"),
        "method": find("method", "function_name"),
        "value": find("value"),
        "log_index": find("log_index"),
    }
    return msgspec.json.encode({name: value for name, value in said.items() if value is not None})
