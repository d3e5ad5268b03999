"""The course: lessons are built, run, checked and bound into the book."""
