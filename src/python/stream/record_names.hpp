// What messages call the records of a stream.
#pragma once

#include <string_view>

#include "python/stream/records.hpp"

namespace ouro::python::stream {

constexpr std::string_view name_of(RecordKind kind) {
  switch (kind) {
    case RecordKind::kHello:
      return "hello";
    case RecordKind::kNodes:
      return "nodes";
    case RecordKind::kEdges:
      return "edges";
    case RecordKind::kWide:
      return "wide";
    case RecordKind::kTexts:
      return "texts";
    case RecordKind::kType:
      return "type";
    case RecordKind::kName:
      return "name";
    case RecordKind::kThread:
      return "thread";
    case RecordKind::kFrame:
      return "frame";
    case RecordKind::kRoot:
      return "root";
    case RecordKind::kEnd:
      return "end";
    case RecordKind::kFailure:
      return "failure";
    case RecordKind::kTotals:
      return "totals";
  }
  return "unknown";
}

}  // namespace ouro::python::stream
