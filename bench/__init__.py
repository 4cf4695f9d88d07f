"""Benchmarks: they print figures and assert no time."""
