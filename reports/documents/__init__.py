"""Finished documents of a scope: each module makes one kind, as bytes."""
