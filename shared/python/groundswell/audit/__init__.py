"""Who did what to whom, and when: every authentication and permission event, for the organization's admins."""
