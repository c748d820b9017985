## The program of the peer Nim ORC: `bench_nim <work> name=value...` prints a line of JSON for each
## measurement. Compiled by `nim c --gc:orc -d:danger`.
import std/os
import frames, graphs, objects

proc exitNow(code: cint) {.importc: "_exit", header: "<unistd.h>".}

case (if paramCount() > 0: paramStr(1) else: "")
of "w1": runFrames()
of "w2": runLiveGraph()
of "w3": runGarbage()
of "w4": runReferences()
of "w5": runAllocation()
of "w6": runTrees()
of "w7": runFootprint()
else: quit("usage: bench_nim w1..w7 name=value...", 2)
flushFile(stdout)
# Past the destructors: dropping a chain of a million nodes would overflow the stack.
exitNow(0)
