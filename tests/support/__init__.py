"""Oracles, toy networks, servers and browsers of the tests."""
