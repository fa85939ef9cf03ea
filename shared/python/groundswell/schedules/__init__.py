"""What happens at a time: runs of schedules, each due time once, and timers that features set."""
