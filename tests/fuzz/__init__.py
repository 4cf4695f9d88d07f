"""Damaged files of every kind, by the thousand: each is read, or refused by a named error.

python -m tests.fuzz --count 2000 --seed 0
"""
