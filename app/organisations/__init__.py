"""Regions, enterprises with their dated facts, people, and who holds which post where from when until when."""
