"""Campaigns over e-mail and Telegram: every recipient once, and a record of each."""
