"""Recorded answers: fifty scenarios with all their results, and the hashes of all exports."""
