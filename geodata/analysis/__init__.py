"""Analyses that go beyond access: each in modules of its own."""
