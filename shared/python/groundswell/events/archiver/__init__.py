"""Keeps counted events for years: as JSON lines in S3, by client and day, for Athena and for whoever reads files."""
