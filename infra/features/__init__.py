"""One file per feature: the functions it runs, their routes or trigger, and what they may touch."""
