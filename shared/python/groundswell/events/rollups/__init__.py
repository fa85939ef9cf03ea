"""The consumer: decides which events count, once and for all, and folds the decisions into rollups."""
