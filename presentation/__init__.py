"""One vocabulary for screen, print and Office: columns, labels, legends, palette, sentences."""
