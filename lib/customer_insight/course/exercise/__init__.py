"""Exercises: a solution text becomes a student's notebook, its answers are checked and scored."""
