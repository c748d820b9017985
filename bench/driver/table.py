"""The tables: a row a peer and variant, a column a case, beside each number its ratio to Ouro's."""

from driver.plan import WORKLOADS


def number(value):
    """Three digits or more, as many as tell two rows apart."""
    if value is None:
        return "-"
    if value < 10:
        return "%.2f" % value
    return "%.1f" % value if value < 100 else "{:,.0f}".format(value)


def ratio(value, ours):
    if value is None or not ours:
        return ""
    times = value / ours
    return "%.2fx" % times if times < 10 else "{:,.0f}x".format(times)


def aligned(rows):
    """Lines of `rows` (lists of text): the first column left aligned, the others right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0])] + [
            cell.rjust(width) for cell, width in zip(row[1:], widths[1:])
        ]
        yield "  " + "  ".join(cells).rstrip()


def row_label(peer, variant):
    if not variant:
        return peer.label
    return "%s, %s" % (
        peer.label,
        variant.replace("threshold_10000", "threshold 10,000").replace("default", "cycles dropped"),
    )


def table_rows(cases, peers):
    """Each (peer, variant) that any of the cases has, in order."""
    rows = []
    for case in cases:
        for peer, variant, _ in case.rows(peers):
            if (peer, variant) not in rows:
                rows.append((peer, variant))
    return rows


def frames_tables(cases, peers, results):
    """W1: a table a case; the ratio is of the means, to Ouro with its cycles dropped."""
    for case in cases:
        yield "%s, %s; %s" % (WORKLOADS["w1"][0], case.label, WORKLOADS["w1"][1])
        ours = results.median("w1", case.label, "mean", "Ouro", "default")
        lines = [["", "mean", "p50", "p99", "max", "vs Ouro"]]
        for peer, variant, _ in case.rows(peers):
            if not results.has(case, peer, variant):
                continue
            values = [
                results.median("w1", case.label, metric, peer.label, variant)
                for metric, _ in case.columns
            ]
            lines.append(
                [row_label(peer, variant)]
                + [number(value) for value in values]
                + [ratio(values[0], ours)]
            )
        yield from aligned(lines)
        yield ""


def work_table(work, cases, peers, results):
    title, unit = WORKLOADS[work]
    yield "%s; %s" % (title, unit)
    columns = [(case, metric, heading) for case in cases for metric, heading in case.columns]
    two_lines = work == "w2"
    if two_lines:
        lines = [
            [""]
            + sum(
                ([case.label if metric == "held all" else "", ""] for case, metric, _ in columns),
                [],
            )
        ]
    else:
        lines = []
    lines.append([""] + sum(([heading, ""] for _, _, heading in columns), []))
    for peer, variant in table_rows(cases, peers):
        line = [row_label(peer, variant)]
        for case, metric, _ in columns:
            value = results.median(work, case.label, metric, peer.label, variant)
            ours = results.median(work, case.label, metric, "Ouro")
            line += [number(value), ratio(value, ours) if peer.label != "Ouro" else ""]
        lines.append(line)
    yield from aligned(lines)
    yield ""


def tables(cases, peers, results):
    for work in WORKLOADS:
        of_work = [case for case in cases if case.work == work]
        if not of_work:
            continue
        if work == "w1":
            yield from frames_tables(of_work, peers, results)
        else:
            yield from work_table(work, of_work, peers, results)


def verdict_lines(verdicts):
    yield "Targets"
    rows = [["", "Ouro", "limit", ""]]
    rows += [[v.sentence, number(v.ours), number(v.limit), v.outcome] for v in verdicts]
    yield from aligned(rows)
    yield ""
