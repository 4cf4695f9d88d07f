"""The pages: one script a question, read from top to bottom."""
