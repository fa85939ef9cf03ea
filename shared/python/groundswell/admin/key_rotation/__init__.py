"""Replaces the key that signs tokens and cursors, without refusing anything it signed."""
