"""Carries out syncs."""
