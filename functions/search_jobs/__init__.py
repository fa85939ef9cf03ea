"""Carries out searches."""
