## What the Nim peer measures with, as workloads/measure.hpp does for C++: thread CPU clock, fence,
## parameters, JSON.
import std/[posix, strutils, os]

proc threadCpuNs*(): float {.inline.} =
  var now: Timespec
  discard clock_gettime(CLOCK_THREAD_CPUTIME_ID, now)
  float(now.tv_sec) * 1e9 + float(now.tv_nsec)

proc escape*(value: pointer) {.inline.} =
  ## Makes the C compiler believe that what `value` points to is read and changed here.
  {.emit: ["asm volatile(\"\" : : \"g\"(", value, ") : \"memory\");"].}

proc require*(condition: bool, sentence: string) =
  if not condition:
    stderr.writeLine("bench: " & sentence)
    quit(1)

proc text*(name, otherwise: string): string =
  ## The value of a `name=value` word of the command line.
  for word in commandLineParams():
    if word.startsWith(name & "="): return word[name.len + 1 .. ^1]
  otherwise

proc number*(name: string, otherwise: int): int =
  let value = text(name, "")
  if value == "": otherwise else: parseInt(value)

proc report*(metric, unit: string, values: seq[float]) =
  var printed: seq[string]
  for value in values: printed.add formatFloat(value, ffDecimal, 3)
  echo """{"metric": "$1", "unit": "$2", "values": [$3]}""" % [metric, unit, printed.join(", ")]

template timeEach*(repeats, operations: int, work: untyped): seq[float] =
  ## Runs `work` `repeats` times; each value is its time divided by `operations`.
  var values: seq[float]
  for i in 0 ..< repeats:
    let begin = threadCpuNs()
    work
    values.add((threadCpuNs() - begin) / float(operations))
  values
