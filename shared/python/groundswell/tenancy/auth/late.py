"""Hashing, imported when a password is there: it costs a cold start 50 ms, and few requests need it."""


class LatePasswords:
    def check(self, password: str, email: str) -> None:
        """Raises Invalid for one outside the policy."""
        from groundswell.tenancy.auth.passwords import check_password

        check_password(password, email)

    def hash(self, password: str) -> str:
        from groundswell.tenancy.auth.passwords import Passwords

        return Passwords().hash(password)
