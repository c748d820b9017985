## W2 and W3 on Nim's ORC: a full collection of a live graph, and of garbage.
## workloads/w2_live_graph.hpp and w3_garbage.hpp describe the work.
import measure

type Node* = ref object
  left*, right*: Node

proc shuffled(count: int): seq[int] =
  result = newSeq[int](count)
  for i in 0 ..< count: result[i] = i
  var state = 88172645463325252'u64
  for i in countdown(count, 2):
    state = state xor (state shr 12)
    state = state xor (state shl 25)
    state = state xor (state shr 27)
    let other = int(((state * 0x2545F4914F6CDD1D'u64) shr 16) mod uint64(i))
    swap(result[i - 1], result[other])

proc buildGraph*(count: int, order: string): seq[Node] =
  result = newSeq[Node](count)
  for i in 0 ..< count: result[i] = Node()
  if order == "random":
    let at = shuffled(count)
    for i in 0 ..< count:
      result[at[i]].left = result[at[(i + 1) mod count]]
      result[at[i]].right = result[at[(2 * i + 1) mod count]]
    swap(result[0], result[at[0]])
  else:
    for i in 0 ..< count:
      result[i].left = result[(i + 1) mod count]
      result[i].right = result[(i + 2) mod count]

var slot: Node

proc becomeCandidate(node: Node) =
  ## ORC looks only at what a count that fell to non-zero leads to: without a candidate a collection
  ## does nothing.
  slot = node
  slot = nil

proc runLiveGraph*() =
  let count = number("n", 1_000_000)
  let repeats = number("repeats", 3)
  var nodes = buildGraph(count, text("order", "sequential"))
  var root = nodes[0]
  GC_fullCollect()
  proc collect(repeats: int): seq[float] =
    for i in 0 ..< repeats:
      becomeCandidate(root)
      result.add timeEach(1, count, GC_fullCollect())
  report("held all", "ns/object", collect(repeats))
  nodes = @[]
  GC_fullCollect()
  report("held root", "ns/object", collect(repeats))
  require(root.left != nil and root.right != nil, "the root lost its graph")

proc makePairs(count: int) =
  for i in 0 ..< count div 2:
    let first = Node()
    let second = Node()
    first.left = second
    second.left = first

proc makeRing(count: int) =
  let first = Node()
  var last = first
  for i in 1 ..< count:
    let next = Node()
    last.left = next
    last = next
  last.left = first

proc runGarbage*() =
  let count = number("n", 1_000_000)
  let pairs = text("shape", "pairs") == "pairs"
  GC_disableOrc()
  var values: seq[float]
  for i in 0 ..< number("repeats", 3):
    let before = getOccupiedMem()
    if pairs: makePairs(count) else: makeRing(count)
    let begin = threadCpuNs()
    GC_fullCollect()
    values.add((threadCpuNs() - begin) / float(count))
    require(getOccupiedMem() - before < count, "not all of the garbage was collected")
  report("collect", "ns/object", values)
