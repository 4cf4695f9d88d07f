"""Excel workbooks: formats, names of sheets, cells in which text stays text, print set-up."""
