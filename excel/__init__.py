"""How Excel workbooks are written: cells of the right kind, formats, names, print set-up."""
