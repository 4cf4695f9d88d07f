"""Dealings with those who send: what their files mean, what goes back, how well they do."""
