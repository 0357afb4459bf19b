"""Tables as people write them: CSV, workbooks, their dates and numbers."""
