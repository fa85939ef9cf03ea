"""Accounts at LinkedIn and X, posts, and how they do."""
