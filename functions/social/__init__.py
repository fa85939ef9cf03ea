"""Accounts at LinkedIn and X, posts, and how they do."""

import groundswell.http.early  # noqa: F401 - before FastAPI
