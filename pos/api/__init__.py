"""JSON for programs and for the till page, under /api/v1."""
