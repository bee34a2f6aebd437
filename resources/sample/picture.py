"""A confusion matrix as an SVG picture."""

CELL, LEFT, TOP = 72, 110, 64


def confusion_matrix_svg(counts, names):
    """`counts[true][predicted]`; each row is shaded by its own share, so that rare kinds are seen too."""
    size = len(names) * CELL
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + size + 24} {TOP + size + 24}" '
        'font-family="system-ui, sans-serif" font-size="13" text-anchor="middle">',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        f'<text x="{LEFT + size / 2}" y="22" fill="#555555">predicted</text>',
        f'<text transform="translate(20 {TOP + size / 2}) rotate(-90)" fill="#555555">true</text>',
    ]
    for row, name in enumerate(names):
        middle = TOP + row * CELL + CELL / 2 + 5
        parts.append(f'<text x="{LEFT - 12}" y="{middle}" text-anchor="end" fill="#222222">{name}</text>')
        parts.append(f'<text x="{LEFT + row * CELL + CELL / 2}" y="{TOP - 12}" fill="#222222">{name}</text>')
        total = sum(counts[row]) or 1
        for column, count in enumerate(counts[row]):
            share = count / total
            x, y = LEFT + column * CELL, TOP + row * CELL
            ink = "#ffffff" if share > 0.55 else "#222222"
            parts.append(
                f'<rect x="{x + 1}" y="{y + 1}" width="{CELL - 2}" height="{CELL - 2}" rx="4" '
                f'fill="#2f6fb5" fill-opacity="{0.05 + 0.95 * share:.3f}"/>'
            )
            parts.append(f'<text x="{x + CELL / 2}" y="{y + CELL / 2 + 5}" fill="{ink}">{count}</text>')
    return "\n".join(parts) + "\n</svg>\n"
