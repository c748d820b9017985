## W4 to W7 on Nim's ORC: one reference, one object, one tree at a time. workloads/w4_references.hpp
## to w7_footprint.hpp describe the work.
import std/strutils
import graphs, measure

var slot: Node

proc runReferences*() =
  let count = number("n", 20_000_000)
  let repeats = number("repeats", 5)
  let source = Node()
  # Into a global, as Nim would elide the copy into a local; the slot's old reference is the one
  # dropped.
  report("one", "ns", timeEach(repeats, count) do:
    for i in 0 ..< count:
      slot = source
      escape(addr slot))
  var sources = newSeq[Node](1024)
  for node in sources.mitems: node = Node()
  report("many", "ns", timeEach(repeats, count) do:
    for i in 0 ..< count:
      slot = sources[i mod 1024]
      escape(addr slot))

proc allocateAndFree() {.inline.} =
  let node = Node()
  escape(cast[pointer](node))

proc runBatches(count, repeats: int, suffix: string) =
  var nodes = newSeq[Node](count)
  var allocation, release, both: seq[float]
  for i in 0 ..< repeats:
    let begin = threadCpuNs()
    for node in nodes.mitems: node = Node()
    let middle = threadCpuNs()
    for node in nodes.mitems: node = nil
    let stop = threadCpuNs()
    allocation.add((middle - begin) / float(count))
    release.add((stop - middle) / float(count))
    both.add((stop - begin) / float(count))
  report("batch" & suffix, "ns", both)
  report("batch allocation" & suffix, "ns", allocation)
  report("batch free" & suffix, "ns", release)

proc runAllocation*() =
  let count = number("n", 1_000_000)
  let repeats = number("repeats", 5)
  var others = newSeq[Node](1000)
  for other in others.mitems: other = Node()
  report("lifo", "ns", timeEach(repeats, 10 * count) do:
    for i in 0 ..< 10 * count: allocateAndFree())
  require(others[999] != nil, "the other objects are gone")
  runBatches(count, repeats, "")
  GC_disableOrc()
  runBatches(count, repeats, ", collector off")

proc buildTree(depth: int): Node =
  result = Node()
  if depth > 0:
    result.left = buildTree(depth - 1)
    result.right = buildTree(depth - 1)

proc countNodes(node: Node): int =
  if node == nil: 0 else: 1 + countNodes(node.left) + countNodes(node.right)

proc buildAndDrop(depth: int) =
  let tree = buildTree(depth)
  escape(cast[pointer](tree))

proc runTrees*() =
  let depth = number("depth", 16)
  let nodeCount = (2 shl depth) - 1
  let trees = if depth < 20: 1 shl (20 - depth) else: 1
  require(countNodes(buildTree(depth)) == nodeCount, "a tree lacks nodes")
  report("depth " & $depth, "ns/node", timeEach(number("repeats", 5), trees * nodeCount) do:
    for i in 0 ..< trees: buildAndDrop(depth))

proc residentBytes(): float =
  for line in lines("/proc/self/smaps_rollup"):
    if line.startsWith("Rss:"): return parseFloat(line.splitWhitespace()[1]) * 1024
  require(false, "/proc/self/smaps_rollup cannot be read")

var chain: Node

proc runFootprint*() =
  let count = number("n", 4_000_000)
  GC_disableOrc()
  chain = Node()
  let before = residentBytes()
  for i in 0 ..< count:
    chain = Node(left: move chain)
  let growth = residentBytes() - before
  report("object", "bytes", @[growth / float(count)])
