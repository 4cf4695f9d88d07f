"""Documents the office sends: each is made of a scope's tables, sentences and figures."""
