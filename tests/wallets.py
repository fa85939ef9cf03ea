"""A wallet as its owner holds it: a key that signs what it is shown. Signed by another implementation than ours."""

from datetime import UTC, datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from groundswell.events.chain.caip import checksummed
from groundswell.events.chain.secp256k1 import N, address, signer
from groundswell.events.chain.siwe import personal_digest


class Wallet:
    def __init__(self, secret: int) -> None:
        self._key = ec.derive_private_key(secret, ec.SECP256K1())
        numbers = self._key.public_key().public_numbers()
        self.address = checksummed(address((numbers.x, numbers.y)))

    def sign(self, message: str) -> str:
        digest = personal_digest(message)
        der = self._key.sign(digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))  # any hash of 32 bytes
        r, s = utils.decode_dss_signature(der)
        signed = r.to_bytes(32) + min(s, N - s).to_bytes(32)
        v = next(v for v in (27, 28) if signer(digest, signed + bytes([v])) == self.address.lower())
        return "0x" + (signed + bytes([v])).hex()

    def message(self, nonce: str, at: datetime, **changes: str) -> str:
        fields = {
            "domain": "shop.example",
            "address": self.address,
            "statement": "This wallet is mine.\n",
            "uri": "https://shop.example/account",
            "version": "1",
            "chain": "1",
            "issued": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "rest": "",
        } | changes
        return (
            f"{fields['domain']} wants you to sign in with your Ethereum account:\n"
            f"{fields['address']}\n\n{fields['statement']}\n"
            f"URI: {fields['uri']}\nVersion: {fields['version']}\nChain ID: {fields['chain']}\nNonce: {nonce}\n"
            f"Issued At: {fields['issued']}{fields['rest']}"
        )
