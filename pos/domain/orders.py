"""The text in an order's QR code."""

PREFIX = "KARYA-ORDER:"


def code_of(order_id: str) -> str:
    """Return what the QR code of an order's slip says.

    In capitals, for which QR codes have a denser writing: the squares come out larger and scan better.
    """
    return PREFIX + order_id.upper()
