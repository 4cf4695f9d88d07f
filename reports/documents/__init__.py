"""Documents that the office sends: each a function of a scope that gives the file as bytes."""
