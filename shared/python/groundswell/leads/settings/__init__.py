"""How a client works its leads: types of custom fields, names of stages, and whose turn it is."""
