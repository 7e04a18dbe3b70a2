"""Courses: their files, parsed and checked, and the immutable versions that they become."""
