"""Accounts: sign-up, sign-in, sessions, and the caller's own profile."""
