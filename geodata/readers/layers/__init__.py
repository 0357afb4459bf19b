"""Map layers: formats, archives, and the repair of geometry."""
