"""Finished documents: a scope in, the bytes of a file out."""
