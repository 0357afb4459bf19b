"""The map: its geometry, its state on the wire, and the browser's part in `web`."""
