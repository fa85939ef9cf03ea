"""Leads: one record per person, by whatever the person is known."""
