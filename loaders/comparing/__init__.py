"""Comparison of an upload with what is published: new, changed, gone, twice or odd."""
