"""Pictures for print: maps and charts as PNG and SVG that need no font and no network."""
