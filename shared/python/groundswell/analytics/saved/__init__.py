"""Questions that are kept and asked again, dashboards of them, and notes on what happened when."""
