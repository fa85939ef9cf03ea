"""Short links of posts."""
