"""Draws the seed's figure as SVG: time per frame, each way a line, each system a panel.

Each panel has an axis of its own, as Ouro's frames would be a flat line on Python's. The axes are
logarithmic: the collector's peaks are ten times the frames between them, and the ways without a
collector differ by a few microseconds; on a linear axis these would be one line.
"""

import math
from dataclasses import dataclass
from html import escape

WIDTH = 1120
PANEL_HEIGHT = 270
LEFT, RIGHT, TOP, GAP, BOTTOM = 76, 262, 76, 62, 48

INK, MUTED, RULE = "#1d2330", "#626b7a", "#e4e7ec"
# One colour a way, the same in each panel.
COLORS = {
    "default": "#d1495b",
    "threshold_10000": "#e09f1f",
    "weakref": "#2f7ed8",
    "ids": "#7b5cc4",
    "manual": "#16876b",
}
NAMES = {
    "default": "cycles, default thresholds",
    "threshold_10000": "cycles, threshold 10,000",
    "weakref": "weak references",
    "ids": "ids",
    "manual": "unlinked by hand",
}


@dataclass
class Panel:
    title: str
    frames_by_way: dict  # way -> nanoseconds, one a frame


def nice_step(largest, count):
    """The smallest of 1, 2, 2.5, 5 times a power of ten that reaches `largest` in `count` steps."""
    power = 10 ** math.floor(math.log10(largest / count))
    return next(
        power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor * count >= largest * 0.999
    )


def quantile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def ticks(lowest, highest):
    """1, 2, 5 times powers of ten, from at or below `lowest` to at or above `highest`."""
    power = 10.0 ** math.floor(math.log10(lowest))
    steps = [power * 10**decade * factor for decade in range(8) for factor in (1, 2, 5)]
    begin = max(i for i, step in enumerate(steps) if step <= lowest * 1.001)
    end = min(i for i, step in enumerate(steps) if step >= highest * 0.999)
    return steps[begin : max(end, begin + 1) + 1]


class Axis:
    """Microseconds to heights of one panel.

    One or two frames of a way may lie above it: the legend counts them.
    """

    def __init__(self, panel, top):
        ways = panel.frames_by_way.values()
        self.ticks = ticks(
            min(map(min, ways)) * 0.97 / 1000,
            max(quantile(frames, 0.995) for frames in ways) * 1.03 / 1000,
        )
        self.top = top
        self.end = self.ticks[-1]

    def y(self, value):
        span = math.log(self.end / self.ticks[0])
        # Above the axis: just out of the panel, where the clip cuts the line.
        height = min(math.log(value / self.ticks[0]) / span, 1.02)
        return self.top + PANEL_HEIGHT * (1 - height)


def text(x, y, content, size=13, color=INK, anchor="start", weight="normal"):
    return (
        '<text x="%.1f" y="%.1f" font-size="%d" fill="%s" text-anchor="%s"'
        ' font-weight="%s">%s</text>' % (x, y, size, color, anchor, weight, escape(content))
    )


def line(x1, y1, x2, y2, color, width=1):
    return '<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="%s" stroke-width="%s"/>' % (
        x1,
        y1,
        x2,
        y2,
        color,
        width,
    )


def microseconds(value):
    return (
        "{:,.0f}".format(value) if value >= 100 or value == int(value) else "{:.1f}".format(value)
    )


def grid(axis, frame_count):
    right, bottom = WIDTH - RIGHT, axis.top + PANEL_HEIGHT
    for tick in axis.ticks:
        yield line(
            LEFT, axis.y(tick), right, axis.y(tick), MUTED if tick == axis.ticks[0] else RULE
        )
        yield text(LEFT - 10, axis.y(tick) + 4, microseconds(tick), 12, MUTED, "end")
    step = nice_step(frame_count, 5)
    for i in range(int(frame_count / step) + 1):
        x = LEFT + (right - LEFT) * i * step / frame_count
        yield line(x, bottom, x, bottom + 5, MUTED)
        yield text(x, bottom + 20, "{:,.0f}".format(i * step), 12, MUTED, "middle")


def way_line(axis, way, frames):
    step = (WIDTH - RIGHT - LEFT) / len(frames)
    points = [
        "%.1f,%.1f" % (LEFT + step * (i + 0.5), axis.y(frame / 1000))
        for i, frame in enumerate(frames)
    ]
    return (
        '<polyline points="%s" fill="none" stroke="%s" stroke-width="1.2" stroke-linejoin="round"/>'
        % (" ".join(points), COLORS[way])
    )


def legend(axis, panel):
    x = WIDTH - RIGHT + 24
    by_mean = sorted(panel.frames_by_way.items(), key=lambda item: -sum(item[1]) / len(item[1]))
    for i, (way, frames) in enumerate(by_mean):
        y = axis.top + 10 + i * 44
        yield line(x, y, x + 22, y, COLORS[way], 3)
        yield text(x + 32, y + 4, NAMES[way], 13)
        numbers = [sum(frames) / len(frames) / 1000, quantile(frames, 0.99) / 1000]
        above = sum(1 for frame in frames if frame / 1000 > axis.end)
        note = "mean %s µs, p99 %s µs" % tuple(
            "%.1f" % n if n < 100 else "%.0f" % n for n in numbers
        )
        yield text(x + 32, y + 20, note + (", %d above" % above if above else ""), 11, MUTED)


def draw_panel(index, panel):
    top = TOP + index * (PANEL_HEIGHT + GAP)
    axis = Axis(panel, top)
    frame_count = max(len(frames) for frames in panel.frames_by_way.values())
    yield text(LEFT, top - 14, panel.title, 15, weight="600")
    yield from grid(axis, frame_count)
    clip = "panel-%d" % index
    yield '<clipPath id="%s"><rect x="%d" y="%d" width="%d" height="%d"/></clipPath>' % (
        clip,
        LEFT,
        top,
        WIDTH - LEFT - RIGHT,
        PANEL_HEIGHT + 1,
    )
    yield '<g clip-path="url(#%s)">' % clip
    # The most jagged below, so that the even ways stay visible.
    for way, frames in sorted(
        panel.frames_by_way.items(), key=lambda item: -quantile(item[1], 0.99)
    ):
        yield way_line(axis, way, frames)
    yield "</g>"
    yield from legend(axis, panel)
    middle = top + PANEL_HEIGHT / 2
    yield '<g transform="rotate(-90 22 %.1f)">%s</g>' % (
        middle,
        text(22, middle, "µs a frame, logarithmic", 12, MUTED, "middle"),
    )


def draw(panels, title, note):
    """The SVG's text."""
    height = TOP + len(panels) * (PANEL_HEIGHT + GAP) - GAP + BOTTOM + 24
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d"'
        % (WIDTH, height, WIDTH, height),
        ' font-family="Inter, Helvetica Neue, Arial, DejaVu Sans, sans-serif">',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        text(LEFT, 30, title, 18, weight="600"),
    ]
    for index, panel in enumerate(panels):
        parts += draw_panel(index, panel)
    parts += [text((LEFT + WIDTH - RIGHT) / 2, height - 34, "frame", 12, MUTED, "middle")]
    parts += [text(LEFT, height - 12, note, 11, MUTED), "</svg>\n"]
    return "\n".join(parts)
