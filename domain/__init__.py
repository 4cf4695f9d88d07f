"""What the numbers mean: rules, states, coverage, gaps, ranking, targets and filings."""
