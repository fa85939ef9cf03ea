"""Publishes posts, renews tokens, asks how posts do."""
