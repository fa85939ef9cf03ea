"""Posts to LinkedIn and X: written ahead, checked by each network's own rules, published at most once."""
