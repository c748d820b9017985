"""What people would write in Python: each reads an edge list, and counts what a root does not reach.

    peers.py NAME FILE ROOT      runs one, and prints nodes, edges, unreachable and peak_bytes as JSON
"""

import importlib.util
import json
import resource
import sys


def plain_dict(path, root):
    targets_by_node = {}
    edges = 0
    with open(path) as lines:
        for line in lines:
            source, target = line.split()
            targets_by_node.setdefault(source, []).append(target)
            targets_by_node.setdefault(target, [])
            edges += 1
    reached = {root}
    stack = [root]
    while stack:
        for target in targets_by_node[stack.pop()]:
            if target not in reached:
                reached.add(target)
                stack.append(target)
    unreachable = [node for node in targets_by_node if node not in reached]
    return len(targets_by_node), edges, len(unreachable)


def networkx(path, root):
    import networkx as nx

    graph = nx.read_edgelist(path, create_using=nx.MultiDiGraph)
    reached = nx.descendants(graph, root) | {root}
    unreachable = [node for node in graph if node not in reached]
    return graph.number_of_nodes(), graph.number_of_edges(), len(unreachable)


def igraph(path, root):
    import igraph as ig

    graph = ig.Graph.Read_Ncol(path, names=True, weights=False, directed=True)
    reached = set(graph.subcomponent(graph.vs.find(root), mode="out"))
    unreachable = [node["name"] for node in graph.vs if node.index not in reached]
    return graph.vcount(), graph.ecount(), len(unreachable)


PEERS = {"plain dict": plain_dict, "networkx": networkx, "igraph": igraph}


def is_here(name):
    return name == "plain dict" or importlib.util.find_spec(name) is not None


def main():
    name, path, root = sys.argv[1:]
    nodes, edges, unreachable = PEERS[name](path, root)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    result = {"nodes": nodes, "edges": edges, "unreachable": unreachable, "peak_bytes": peak}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
