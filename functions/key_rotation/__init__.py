"""Rotates the signing key on a schedule."""
