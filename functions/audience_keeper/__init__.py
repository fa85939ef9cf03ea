"""Keeps leads in the segments that they belong to."""
