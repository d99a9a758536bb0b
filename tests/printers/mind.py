"""What goes on inside a printer that answers, whatever it hangs on: USB, a serial line, a device file."""

_ANSWERS = {
    "low": {4: 0x0C},
    "paper-out": {4: 0x6C, 2: 0x20, 1: 0x08},
    "cover": {2: 0x04, 1: 0x08},
    "error": {2: 0x40, 1: 0x08},
    "offline": {1: 0x08},
}
_END = b"\x1d(H\x06\x0000"
_IN_TURN = b"\x1dr\x01"


class Mind:
    """Takes bytes and gives back what the printer says to them.

    Modes: normal; mute (never answers); low, paper-out, cover, error, offline; silent and paper-out-at (from
    the byte `after` on: says no more, says that paper is out).
    """

    def __init__(
        self, mode: str = "normal", *, after: int = 0, tells_end: bool = False, in_turn: bool = False
    ) -> None:
        self.mode, self.after, self.tells_end, self.in_turn = mode, after, tells_end, in_turn
        self.kept = bytearray()  # what is printed: everything but questions
        self.marks: list[bytes] = []
        self._half = b""

    def take(self, data: bytes) -> bytes:
        """Keeps what is to be printed and answers what is asked."""
        data, self._half = self._half + data, b""
        said = b""
        while data:
            if data[:2] == b"\x10\x04" and len(data) > 2:
                said += self._answer(data[2])
                data = data[3:]
            elif data.startswith(_END) and len(data) >= len(_END) + 4:
                mark, data = data[len(_END) : len(_END) + 4], data[len(_END) + 4 :]
                self.marks.append(mark)
                said += (
                    b"7\x22" + mark + b"\0" if self.tells_end and self._state() in {"normal", "low"} else b""
                )
            elif data.startswith(_IN_TURN):
                said += b"\0" if self.in_turn and self._state() in {"normal", "low"} else b""
                data = data[len(_IN_TURN) :]
            elif (
                b"\x10\x04".startswith(data)
                or _IN_TURN.startswith(data)
                or _END.startswith(data[: len(_END)])
            ):
                self._half = data
                break
            else:
                self.kept.append(data[0])
                data = data[1:]
        return said

    def _state(self) -> str:
        if self.mode in {"silent", "paper-out-at"}:
            reached = len(self.kept) >= self.after
            return {"silent": "mute", "paper-out-at": "paper-out"}[self.mode] if reached else "normal"
        return self.mode

    def _answer(self, number: int) -> bytes:
        state = self._state()
        return b"" if state == "mute" else bytes((0x12 | _ANSWERS.get(state, {}).get(number, 0),))
