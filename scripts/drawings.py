"""Pictures for pictures: SVG drawings that stand in for the photographs of a demonstration issue.

Nothing is asked of the network; the same address always gets the same drawing.
"""

import hashlib
import math

WIDTH, HEIGHT = 1072, 600
PALETTES = (
    ("#d8cebb", "#ebe1cb", ("#aca18c", "#7b776d", "#4e5157", "#2b3640")),
    ("#26324e", "#8a6d5c", ("#443f4f", "#32303d", "#252630", "#191c24")),
    ("#cfd6cf", "#dfe3da", ("#8b9168", "#6d5b40", "#4b3b2c", "#241d18")),
    ("#b9c7cf", "#e8e2d4", ("#7d97a3", "#557482", "#3a5563", "#22343f")),
)


def drawing(address: str) -> str:
    """Draw hills, a sun and a sky, chosen by the address, as an SVG of 1072 x 600."""
    seed = hashlib.sha256(address.encode()).digest()
    top, bottom, hills = PALETTES[seed[0] % len(PALETTES)]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"'
        f' viewBox="0 0 {WIDTH} {HEIGHT}">',
        f'<defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="{top}"/>'
        f'<stop offset="1" stop-color="{bottom}"/></linearGradient></defs>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="url(#sky)"/>',
        f'<circle cx="{200 + seed[1] * 2.6:.0f}" cy="{110 + seed[2] / 4:.0f}" r="62"'
        ' fill="#f4ecdb"/>',
    ]
    for index, colour in enumerate(hills):
        base = 240 + index * 85
        steps = range(0, WIDTH + 1, 16)
        line = " ".join(f"{x},{_height(x, base, seed[3 + index]):.1f}" for x in steps)
        parts.append(f'<polygon points="0,{HEIGHT} {line} {WIDTH},{HEIGHT}" fill="{colour}"/>')
    return "".join([*parts, "</svg>"])


def _height(x: float, base: float, phase: int) -> float:
    slow = math.sin(x / (150 + phase % 70) + phase)
    return base + 34 * slow + 12 * math.sin(x / 61 + phase * 2)
