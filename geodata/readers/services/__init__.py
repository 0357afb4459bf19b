"""Event services on the web, asked only by whoever runs the server.

Imports the other readers and what lies below. Entry points: `acled`, `hapi`.
"""
