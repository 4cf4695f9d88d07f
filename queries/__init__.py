"""What may be asked of a scope: each question answered once for pages, documents and commands."""
