"""Measurements: each module prints its own, run as `python -m tests.bench.NAME`."""
