"""The printed map: frame, drawing, labels, legend."""
