"""What comes out of the printers, and what does not."""
