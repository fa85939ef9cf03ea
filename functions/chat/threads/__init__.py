"""Threads of conversations."""
