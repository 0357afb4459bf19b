"""The page that opens from disk without a network."""
