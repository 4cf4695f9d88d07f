"""Senders of files: how their files are read, what is sent back to them, how well they do."""
