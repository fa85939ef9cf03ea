"""Conversations: sending, threads, settings."""

import groundswell.http.early  # noqa: F401 - before FastAPI
