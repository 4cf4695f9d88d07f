"""A Word file from outside, checked before it is used as a template."""
