"""Telegram bots of clients: what they are told, what they answer, and whom they hand over to."""
