"""What goes in and out as JSON and through forms, strictly checked (pydantic)."""
