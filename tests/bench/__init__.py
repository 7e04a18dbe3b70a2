"""Measures Coverall against its bars and prints a report: `python -m tests.bench [SECTION ...]`. Not a test."""
