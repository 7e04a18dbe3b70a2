"""One command per module, where several domains take part: their services, then coverage, in one transaction."""
