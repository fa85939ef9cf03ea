"""Wire shapes of signing in with an OpenID provider."""

from functions.auth.schemas import CodesIn, Token


class ExchangeIn(CodesIn):
    """`code` is from the address that the frontend was called back at, or `exchange_code` of a TOTP_REQUIRED."""

    code: Token
