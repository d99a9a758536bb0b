"""A QR code as a square picture: dark on white, with its quiet zone and no style attributes."""

QUIET = 4


def svg(text: str) -> str:
    """Return the code of `text` as SVG with error correction M: one path, small, sharp at any size."""
    # With it comes what draws pictures: five megabytes, which a shop without codes need not have.
    from qrcode import constants
    from qrcode.main import QRCode

    code = QRCode(error_correction=constants.ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    size = len(rows)
    runs: list[str] = []
    for y, row in enumerate(rows):
        x = 0
        while x < size:
            if not row[x]:
                x += 1
                continue
            start = x
            while x < size and row[x]:
                x += 1
            runs.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="400" height="400" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        f'<path fill="#000" d="{"".join(runs)}"/></svg>'
    )
