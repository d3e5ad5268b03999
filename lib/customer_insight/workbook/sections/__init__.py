"""The sections of the report, a module each: facts in, a section out."""
