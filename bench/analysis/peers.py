"""What people have in Python for the analyses of a heap, each on the same graph in its own way.

    peers.py NAME GRAPH.ouro    runs one, and prints building, seconds, peak_bytes, reachable and
                                retained_sum as JSON; networkx and igraph do no shortest paths

`building` is making the graph as the peer wants it, `seconds` the analysis: CPU time of the process.
`retained_sum` adds up the retained bytes of all nodes, so that answers can be compared.
"""

import importlib.util
import json
import resource
import struct
import sys
import time
from array import array


def read_graph(path):
    """Begins, targets, sizes and root nodes: what of docs/format/ouro-file.md the peers need."""
    data = open(path, "rb").read()
    table, count = struct.unpack_from("<QI", data, 24)
    sections = {}
    for at in range(table, table + 40 * count, 40):
        name, width, role, _, offset, length = struct.unpack_from("<4sBBHQQ", data, at)
        sections[name, role] = array({1: "B", 2: "H", 4: "I", 8: "Q"}.get(width, "B"),
                                     data[offset:offset + length])  # fmt: skip
    sizes = list(sections[b"size", 0])
    for at, value in zip(sections.get((b"size", 1), ()), sections.get((b"size", 2), ())):
        sizes[at] = value
    roots = [node for node, _, _, _ in struct.iter_unpack("<IIII", sections[b"root", 0].tobytes())]
    return sections[b"ebeg", 0], sections[b"targ", 0], sizes, roots


def retained_sum(dominator_by_node, order, sizes, root):
    """`order`: each behind its dominator, as in any order of a search from the root."""
    retained = {node: sizes[node] for node in order if node != root}
    for node in reversed(order):
        if node != root and dominator_by_node[node] != root:
            retained[dominator_by_node[node]] += retained[node]
    return sum(retained.values())


def plain_dict(begins, targets, sizes, roots):
    """Cooper, Harvey, Kennedy: A Simple, Fast Dominance Algorithm, as it is mostly written."""
    root = len(sizes)
    targets_by_node = {
        node: list(targets[begins[node]:begins[node + 1]]) for node in range(root)
    }
    targets_by_node[root] = roots
    yield
    finished, seen, stack = [], {root}, [(root, iter(roots))]
    while stack:
        node, left = stack[-1]
        for target in left:
            if target not in seen:
                seen.add(target)
                stack.append((target, iter(targets_by_node[target])))
                break
        else:
            finished.append(node)
            stack.pop()
    number = {node: at for at, node in enumerate(finished)}
    sources_by_node = {node: [] for node in finished}
    for node in finished:
        for target in targets_by_node[node]:
            sources_by_node[target].append(node)
    dominator = {root: root}
    has_changed = True
    while has_changed:
        has_changed = False
        for node in reversed(finished[:-1]):
            new = None
            for source in sources_by_node[node]:
                if source not in dominator:
                    continue
                if new is None:
                    new = source
                while new != source:
                    while number[new] < number[source]:
                        new = dominator[new]
                    while number[source] < number[new]:
                        source = dominator[source]
            if dominator.get(node) != new:
                dominator[node] = new
                has_changed = True
    yield len(seen) - 1, retained_sum(dominator, finished[::-1], sizes, root)


def networkx(begins, targets, sizes, roots):
    import networkx as nx

    root = len(sizes)
    graph = nx.DiGraph()
    graph.add_nodes_from(range(root + 1))
    for node in range(root):
        graph.add_edges_from((node, target) for target in targets[begins[node]:begins[node + 1]])
    graph.add_edges_from((root, node) for node in roots)
    yield
    sum(1 for _ in nx.strongly_connected_components(graph))
    dominator = dict(nx.immediate_dominators(graph, root))
    order = list(nx.dfs_preorder_nodes(graph, root))
    yield len(order) - 1, retained_sum(dominator, order, sizes, root)


def igraph(begins, targets, sizes, roots):
    import igraph as ig

    root = len(sizes)
    sources = [node for node in range(root) for _ in range(begins[node + 1] - begins[node])]
    edges = list(zip(sources, targets)) + [(root, node) for node in roots]
    graph = ig.Graph(n=root + 1, edges=edges, directed=True)
    yield
    len(graph.connected_components(mode="strong"))
    dominator = graph.dominator(root, mode="out")
    order = [vertex.index for vertex in graph.dfsiter(root)]
    yield len(order) - 1, retained_sum(dominator, order, sizes, root)


PEERS = {"plain dict": plain_dict, "networkx": networkx, "igraph": igraph}


def is_here(name):
    return name == "plain dict" or importlib.util.find_spec(name) is not None


def main():
    name, path = sys.argv[1:]
    graph = read_graph(path)
    begin = time.process_time()
    peer = PEERS[name](*graph)
    next(peer)
    built = time.process_time()
    reachable, total = next(peer)
    done = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"building": built - begin, "seconds": done - built, "peak_bytes": peak,
                      "reachable": reachable, "retained_sum": total}))  # fmt: skip


if __name__ == "__main__":
    main()
