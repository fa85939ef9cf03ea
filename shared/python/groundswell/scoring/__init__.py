"""Scores of leads: points by rules, with reasons that add up."""
