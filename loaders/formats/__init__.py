"""Input files, opened as sheets, outlines or templates, or refused with what to do."""
