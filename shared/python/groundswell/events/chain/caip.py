"""Names of chains (CAIP-2) and of accounts on them (CAIP-10), and what an address must look like, by namespace."""

import re
from functools import lru_cache

from groundswell.events.chain.keccak import keccak256

_CAIP2 = re.compile(r"[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}")
_ACCOUNT = re.compile(r"([-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}):([-.%a-zA-Z0-9]{1,128})")
_HEX = re.compile(r"0[xX][0-9a-fA-F]+")
_EVM = re.compile(r"0[xX][0-9a-fA-F]{40}")
_BASE58 = {digit: at for at, digit in enumerate("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")}
_NAMED = {
    "ethereum": "eip155:1",
    "optimism": "eip155:10",
    "bsc": "eip155:56",
    "polygon": "eip155:137",
    "base": "eip155:8453",
    "arbitrum": "eip155:42161",
    "avalanche": "eip155:43114",
    "sepolia": "eip155:11155111",
    "solana": "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp",
    "solana-devnet": "solana:EtWTRABZaYq6iMfeYKouRu166VU2xqa1",
    "solana-testnet": "solana:4uhcVJyU9pJkvQyS88uRDiswHXSGkY3z",
}

SOLANA = tuple(chain_id for chain_id in _NAMED.values() if chain_id.startswith("solana:"))


def chain(text: str) -> str | None:
    """CAIP-2: `1`, `0x1`, `ethereum` and `eip155:1` are `eip155:1`; other namespaces stay as they are.

    None: not a chain id."""
    if text.startswith("eip155:"):
        return _evm(text.removeprefix("eip155:"))
    return _evm(text) or (text if _CAIP2.fullmatch(text) else _NAMED.get(text.lower()))


def _evm(reference: str) -> str | None:
    if len(reference) > 40:
        return None
    if reference.isascii() and reference.isdigit():
        number = str(int(reference))
    elif _HEX.fullmatch(reference):
        number = str(int(reference, 16))
    else:
        return None
    return f"eip155:{number}" if len(number) <= 32 else None


def account(text: str) -> tuple[str, str] | None:
    """CAIP-10: its chain and its address. None for anything else."""
    match = _ACCOUNT.fullmatch(text)
    known = chain(match[1]) if match else None
    return (known, match[2]) if match and known else None


def lowered(text: str) -> str:
    """EVM addresses and hashes compare without case; base58 (Solana) does not."""
    return text.lower() if _HEX.fullmatch(text) else text


def is_evm(address: str) -> bool:
    return _EVM.fullmatch(address) is not None


def fits(address: str, caip2: str | None) -> bool:
    """Whether that can be an address there. Without a chain, or in a namespace we know nothing of, anything can."""
    if caip2 is None or caip2.startswith("eip155:"):
        return is_evm(address) or (caip2 is None and not _HEX.fullmatch(address))
    return not caip2.startswith("solana:") or is_solana(address)


def is_solana(address: str) -> bool:
    """Base58 of 32 bytes."""
    if not 32 <= len(address) <= 44 or any(digit not in _BASE58 for digit in address):
        return False
    number = 0
    for digit in address:
        number = number * 58 + _BASE58[digit]
    zeros = len(address) - len(address.lstrip("1"))
    return zeros + (number.bit_length() + 7) // 8 == 32


@lru_cache(maxsize=8192)
def checksummed(address: str) -> str:
    """EIP-55's spelling of a lower-case EVM address; anything else as it is. A hash takes 0.2 ms: wallets come back."""
    if not is_evm(address):
        return address
    digits = address[2:].lower()
    nibbles = keccak256(digits.encode()).hex()
    return "0x" + "".join(d.upper() if n >= "8" else d for d, n in zip(digits, nibbles, strict=False))


def misspelt(address: str) -> bool:
    """An EVM address in mixed case whose case is not EIP-55's: a digit may be wrong. One case says nothing."""
    digits = address[2:]
    mixed = is_evm(address) and digits != digits.lower() and digits != digits.upper()
    return mixed and checksummed(address.lower()) != "0x" + digits
