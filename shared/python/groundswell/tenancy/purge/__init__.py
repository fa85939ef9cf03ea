"""Deletes for good what deleted clients left behind, when their 14 days are over."""
