"""Wallets whose owner is proven: Sign-In with Ethereum turns one that was only observed into a verified one."""
