"""Controls, charts and tables that views share."""
