"""Example bodies for the API's description. The proof is a real one, for whoever wants to check their own code."""

_ADDRESS = "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf"
_AT = "2026-11-22T09:00:00.000Z"


ASKED = {"user_id": "ada", "domain": "shop.example"}
CHALLENGE = {"nonce": "c8f21ab09d374e6f", "domain": "shop.example", "expires_at": "2026-11-22T09:10:00.000Z"}
MESSAGE = (
    f"shop.example wants you to sign in with your Ethereum account:\n{_ADDRESS}\n\nThis wallet is mine.\n\n"
    f"URI: https://shop.example/account\nVersion: 1\nChain ID: 1\nNonce: {CHALLENGE['nonce']}\n"
    "Issued At: 2026-11-22T09:00:00Z"
)
SIGNATURE = (
    "0xe304e47f9f26f2c0e7d95b3675d78011adf47d22c453f699e21b0b49311203a4"
    "6f4858b0dbdf4e59aa2e24d592b5d873582b27d53677183082e5e1472a7b5d551c"
)
PROOF = {"message": MESSAGE, "signature": SIGNATURE}
WALLET = {
    "account": f"eip155:1:{_ADDRESS.lower()}",
    "address": _ADDRESS,
    "user_id": "ada",
    "domain": "shop.example",
    "verified_at": _AT,
}
