"""Reports: figures of events, ads, leads and campaigns over one catalogue, kept, shared, exported and sent on time."""
