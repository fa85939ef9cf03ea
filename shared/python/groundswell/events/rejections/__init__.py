"""Why events were turned away: written down with each batch, and looked up for seven days."""
