"""What ways to a printer have in common on which nothing comes back."""

from printers.transports.habits import End


class Silent:
    """The talking half of a transport that nobody answers."""

    has_told_end = False

    def tells_end(self, timeout: float) -> End:  # noqa: ARG002 - silence takes no time
        """No word ever comes."""
        return "no"

    def mark_end(self) -> bytes:
        """There is nobody to be asked."""
        raise OSError("nothing comes back this way")

    def has_ended(self, mark: bytes, timeout: float) -> bool:  # noqa: ARG002
        """No word ever comes."""
        return False

    def end_not_told(self) -> None:
        """It never was."""
