"""Questions as SQL over the archive and what was counted since: DuckDB over Parquet."""
