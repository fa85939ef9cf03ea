"""Publishes the outbox from the core table's stream."""
