"""Cards of the panel: one for each kind of thing that can be clicked."""
