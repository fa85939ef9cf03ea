"""Looks after the logs: finds blocks that nobody committed, and rollups that do not say what the blocks say."""
