"""The rules of the shop as pure functions: no database, no web, no clock, no I/O."""
