"""A real CUPS of Debian, with queues that print, fail, stick and refuse."""
