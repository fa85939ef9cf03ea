"""Logistic regression of what became of leads: training, models, and what a model says of a lead."""
