"""Platforms that clients connect, and what these post to us."""

import groundswell.http.early  # noqa: F401 - before FastAPI
