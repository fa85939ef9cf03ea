"""Keeps leads in the segments that they belong to, and their scores current."""
