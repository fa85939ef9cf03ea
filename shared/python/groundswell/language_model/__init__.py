"""Questions to a language model, with budgets: what every feature that uses one calls."""
