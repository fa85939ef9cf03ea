"""Keeps counted events for years: as Parquet in S3, by client and day, for DuckDB, Athena and whoever reads files."""
