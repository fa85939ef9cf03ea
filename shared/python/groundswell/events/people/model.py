"""What is known of a person or a wallet. Times are ms since 1970."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Wallet:
    """`accounts` are its CAIP-10 names on the chains where it was seen. Verified: its owner signed for it (EIP-4361);
    then it may have no events, and was first seen when that was."""

    address: str
    accounts: tuple[str, ...]
    verified: bool
    first_seen: int
    last_seen: int
    events: int


@dataclass(frozen=True)
class Profile:
    """`traits` are raw JSON values. Not `complete`: only the newest blocks with the person's events were read."""

    id: str
    user_ids: tuple[str, ...]
    anonymous_ids: tuple[str, ...]
    wallets: tuple[Wallet, ...]
    traits: Mapping[str, bytes]
    first_seen: int
    last_seen: int
    events: int
    names: Mapping[str, int]
    complete: bool
    as_of: int
