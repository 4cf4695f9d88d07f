"""A Word file from outside, made anew before it is used as a template."""
