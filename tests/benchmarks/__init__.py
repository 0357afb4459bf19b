"""Speed and load, measured: ``python -m tests.benchmarks``."""
