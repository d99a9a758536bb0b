"""What the machine's settings allow, and how they refuse the rest."""
