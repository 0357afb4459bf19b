"""Event services on the web, asked only by whoever runs the server."""
