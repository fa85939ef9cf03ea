"""What every feature may use and nothing may surprise: errors, ids, the clock and pages. Standard library only."""
