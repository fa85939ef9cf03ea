"""Where ingestion finds the list."""

LIST = "LIST"


def partition(client_id: str) -> str:
    return f"SUPPRESSED#{client_id}"
