"""What the server does beside drawing: errors, logs, memory, connections."""
