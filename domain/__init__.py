"""What the numbers mean: records, states, coverage, gaps, ranking and rules."""
