"""Platforms that a client connects: credentials, syncs, and the facts that they bring."""
