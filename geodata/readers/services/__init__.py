"""Event services on the web, asked only by the operator of the server.

Imports the other readers and what lies below. Entry points: `acled`, `hapi`.
"""
