"""What ``script/benchmark`` measures, one module a subject."""
