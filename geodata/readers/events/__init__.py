"""Tables of events: which column means what, and what each row says."""
