"""Telegram bots, and what Telegram tells of them."""

import groundswell.http.early  # noqa: F401 - before FastAPI
