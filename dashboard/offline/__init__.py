"""The last view without a connection: an installable page and the worker that keeps it."""
