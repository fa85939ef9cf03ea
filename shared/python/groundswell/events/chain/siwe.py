"""Sign-In with Ethereum (EIP-4361): the message a wallet shows its owner, and whose signature is below it (EIP-191)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from groundswell.events.chain.caip import checksummed
from groundswell.events.chain.keccak import keccak256
from groundswell.events.chain.secp256k1 import signer
from groundswell.kernel.errors import FieldProblem, Invalid

_MESSAGE = re.compile(
    r"(?:[a-zA-Z][a-zA-Z0-9+.-]*://)?(?P<domain>[^/\s?#]{1,255}) wants you to sign in with your Ethereum account:\n"
    r"(?P<address>0x[0-9a-fA-F]{40})\n\n(?:[^\n]+\n)?\n"
    r"URI: (?P<uri>\S+)\nVersion: 1\nChain ID: (?P<chain_id>[1-9][0-9]{0,31})\nNonce: (?P<nonce>[a-zA-Z0-9]{8,128})\n"
    r"Issued At: (?P<issued_at>\S+)(?:\nExpiration Time: (?P<expires_at>\S+))?(?:\nNot Before: (?P<not_before>\S+))?"
    r"(?:\nRequest ID: [^\n]*)?(?:\nResources:(?:\n- \S+)*)?"
)
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
_SIGNATURE = re.compile(r"(?:0x)?([0-9a-fA-F]{130})")


class ProofRefused(Invalid):
    """The message does not say what it must, or somebody else signed it."""

    code = "WALLET_PROOF_REFUSED"
    message = "This does not prove who owns the wallet"

    @classmethod
    def because(cls, name: str, reason: str) -> "ProofRefused":
        return cls(problems=(FieldProblem(name, "refused", reason),))


@dataclass(frozen=True)
class SignIn:
    """What a message says. `address` is spelled as EIP-55 says."""

    domain: str
    address: str
    uri: str
    chain_id: int
    nonce: str
    issued_at: datetime
    expires_at: datetime | None
    not_before: datetime | None

    def need_valid_at(self, now: datetime) -> None:
        """Raises ProofRefused."""
        if self.expires_at is not None and now >= self.expires_at:
            raise ProofRefused.because("message", "its Expiration Time is over")
        if self.not_before is not None and now < self.not_before:
            raise ProofRefused.because("message", "its Not Before is still to come")

    def need_site(self, domain: str) -> None:
        """That it was shown by that site, to sign in there: else another site could use what it got signed.

        Raises ProofRefused.
        """
        if self.domain.lower() != domain.lower():
            raise ProofRefused.because("message", "it is for another domain")
        if _site(self.uri) != domain.lower():
            raise ProofRefused.because("message", "its URI is of another site")


def _site(uri: str) -> str | None:
    try:
        return urlsplit(uri).netloc.lower()
    except ValueError:  # a bracket without its other one
        return None


def parse(message: str) -> SignIn:
    """Raises ProofRefused."""
    match = _MESSAGE.fullmatch(message)
    if match is None:
        raise ProofRefused.because("message", "not a message as EIP-4361 lays it out")
    if checksummed(match["address"].lower()) != match["address"]:
        raise ProofRefused.because("message", "its address is not spelled as EIP-55 says")
    return SignIn(
        domain=match["domain"],
        address=match["address"],
        uri=match["uri"],
        chain_id=int(match["chain_id"]),
        nonce=match["nonce"],
        issued_at=_moment(match["issued_at"]),
        expires_at=_moment(match["expires_at"]) if match["expires_at"] else None,
        not_before=_moment(match["not_before"]) if match["not_before"] else None,
    )


def need_signature(message: str, signature: str, address: str) -> None:
    """Of an ordinary account; a contract's (EIP-1271) can be checked on its chain only. Raises ProofRefused."""
    match = _SIGNATURE.fullmatch(signature)
    if match is None:
        raise ProofRefused.because("signature", "not 65 bytes in hexadecimal")
    if signer(personal_digest(message), bytes.fromhex(match[1])) != address.lower():
        raise ProofRefused.because("signature", "another key signed it, or another message was signed")


def personal_digest(message: str) -> bytes:
    """What `personal_sign` signs (EIP-191, version 0x45)."""
    data = message.encode("utf-8", "surrogatepass")
    return keccak256(b"\x19Ethereum Signed Message:\n%d" % len(data) + data)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC) if _RFC3339.fullmatch(text) else _no_moment(text)
    except (ValueError, OverflowError):
        return _no_moment(text)


def _no_moment(text: str) -> datetime:
    raise ProofRefused.because("message", f"not a time: {text[:40]}")
