"""What kill -9 leaves behind."""
