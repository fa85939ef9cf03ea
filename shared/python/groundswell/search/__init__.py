"""AI lead search: from a goal to a strategy, from its queries to pages, from pages to leads with their sources."""
