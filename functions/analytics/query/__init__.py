"""Series of events by any condition, breakdown and formula."""
