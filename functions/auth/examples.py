"""Example bodies for the API's description."""

USER = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11",
    "org_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c10",
    "email": "ada@example.com",
    "name": "Ada Lovelace",
    "first_name": "Ada",
    "last_name": "Lovelace",
    "role": "owner",
    "is_active": True,
    "is_verified": False,
    "preferences": {},
    "last_login": None,
    "created_at": "2026-11-22T09:00:00.000Z",
    "updated_at": "2026-11-22T09:00:00.000Z",
    "version": 1,
}
REGISTER = {
    "email": "ada@example.com",
    "password": "correct horse battery",
    "first_name": "Ada",
    "last_name": "Lovelace",
    "organization_name": "Analytical Engines",
}
LOGIN = {"email": "ada@example.com", "password": "correct horse battery"}
TOKENS = {"access_token": "eyJhbGciOi…", "refresh_token": "eyJhbGciOi…", "token_type": "Bearer", "expires_in": 900}
DEVICE = {"device_token": "eyJhbGciOi…"}
SIGNED_IN = {"status_code": 200, "message": "Success", **TOKENS, "data": {**TOKENS, **DEVICE, "user": USER}}
EMAIL = {"email": "ada@example.com"}
RESET = {"token": "m3X…", "new_password": "a new horse battery"}
PROFILE = {"first_name": "Ada", "last_name": "King", "preferences": {"theme": "dark"}}
CHANGE_PASSWORD = {"current_password": "correct horse battery", "new_password": "a new horse battery"}
SESSION = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c14",
    "current": True,
    "device": "Mozilla/5.0 (X11; Linux x86_64)",
    "network": "203.0.113.0/24",
    "created_at": "2026-11-22T09:00:00.000Z",
    "rotated_at": "2026-11-22T09:15:00.000Z",
    "ends_at": "2026-11-29T09:00:00.000Z",
}
SET_UP = {"password": LOGIN["password"]}
SETUP = {
    "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
    "otpauth_uri": "otpauth://totp/Groundswell%3Aada%40example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    "&issuer=Groundswell&algorithm=SHA1&digits=6&period=30",
}
RECOVERY_CODES = {"recovery_codes": ["k3vq-7h2m-xw5n-a4rt", "…"]}
REMOVE_FACTOR = {"password": "correct horse battery", "code": "492039"}
