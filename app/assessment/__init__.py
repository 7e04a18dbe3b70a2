"""Exams: papers drawn, attempts held, answers graded."""
