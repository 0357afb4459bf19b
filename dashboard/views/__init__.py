"""One module for each part of the page; each draws from a `dashboard.page.Page`."""
