"""What one visitor has: the view, its history, uploads and results."""
