"""Evaluates alerts when they are due, and does what follows from their instances."""
