"""Persons and wallets over HTTP."""
