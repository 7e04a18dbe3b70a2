"""The tests; folders mirror app/."""
