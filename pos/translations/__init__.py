"""The Indonesian words: fragments by area in src/, one compiled catalogue in id/. English is the msgid."""
