"""Tables and pictures for notebooks: plain HTML without scripts, readable in light and dark."""

import html
from typing import Any, Callable, Dict, List, Sequence, Tuple

#: Characters of preformatted text.
WIDTH = 100


def bytes_text(count: int) -> str:
    """2,411,724 as "2.3 MiB"."""
    amount = float(count)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if abs(amount) < 1024 or unit == "GiB":
            break
        amount /= 1024
    return f"{amount:,.0f} B" if unit == "B" else f"{amount:,.1f} {unit}"


_CELLS: Dict[str, Callable[[Any], str]] = {
    "text": str,
    "number": lambda value: f"{value:,}",
    "growth": lambda value: f"{value:+,}" if value else "0",
    "bytes": bytes_text,
    "bytes_grown": lambda value: ("+" if value > 0 else "") + bytes_text(value),
    "share": lambda value: f"{value:.1%}",
}


def table(
    caption: str, columns: Sequence[Tuple[str, str]], rows: Sequence[Tuple[Any, ...]]
) -> str:
    """`columns`: title and kind of cell."""
    lines = ['<table class="ouro" style="border-collapse:collapse">']
    lines.append(f'<caption style="text-align:left;padding:4px 0">{html.escape(caption)}</caption>')
    lines.append("<thead><tr>" + _cells("th", columns, [title for title, _ in columns]))
    lines.append("</tr></thead><tbody>")
    for row in rows:
        texts = [_CELLS[kind](value) for (_, kind), value in zip(columns, row)]
        lines.append("<tr>" + _cells("td", columns, texts) + "</tr>")
    lines.append("</tbody></table>")
    return "\n".join(lines)


def _cells(tag: str, columns: Sequence[Tuple[str, str]], texts: List[str]) -> str:
    cells = []
    for (_, kind), text in zip(columns, texts):
        side = "left" if kind == "text" else "right"
        style = f"text-align:{side};padding:2px 10px;vertical-align:top"
        if kind == "text":
            style += ";font-family:monospace"
        else:
            style += ";white-space:nowrap"
        cells.append(f'<{tag} style="{style}">{html.escape(text)}</{tag}>')
    return "".join(cells)


def preformatted(text: str) -> str:
    """As a terminal shows it."""
    return f'<pre class="ouro" style="line-height:1.3;font-family:monospace">{html.escape(text)}</pre>'


def svg_or_nothing(picture: Any) -> str:
    """A picture, where Graphviz is there to draw it."""
    svg = picture._repr_svg_()
    return "" if svg is None else f'<div class="ouro" style="overflow:auto">{svg}</div>'
