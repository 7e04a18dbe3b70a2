"""Honest learning time: sessions, receipts, credit, progress."""
