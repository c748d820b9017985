#include "python/heap/read_totals.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "python/stream/failure.hpp"
#include "python/stream/payload.hpp"

namespace ouro::python::heap {

namespace {

using stream::Payload;
using stream::Record;
using stream::RecordKind;

class TotalsCollector {
 public:
  std::optional<Error> take(const Record& record) {
    switch (record.kind) {
      case RecordKind::kHello:
        return take_hello(record);
      case RecordKind::kType:
        return take_type(record);
      case RecordKind::kName:
        return std::nullopt;  // of references, which are not said
      case RecordKind::kTotals:
        return take_totals(record);
      case RecordKind::kEnd:
        return take_end(record);
      default:
        return record.corrupt("expected totals, found what is said of objects");
    }
  }

  ReadTotals finish() && {
    std::ranges::sort(totals_.types, {}, &NamedTotal::type);
    std::vector<NamedTotal> merged;
    for (NamedTotal& total : totals_.types) {
      if (merged.empty() || merged.back().type != total.type) {
        merged.push_back(std::move(total));
      } else {
        merged.back().objects += total.objects;
        merged.back().bytes += total.bytes;
      }
    }
    totals_.types = std::move(merged);
    return std::move(totals_);
  }

 private:
  std::optional<Error> take_hello(const Record& record) {
    Payload payload(record.payload);
    const auto hello = payload.take<stream::Hello>();
    if (!hello) return record.corrupt("expected the beginning of a stream, found less");
    if (!std::ranges::equal(hello->magic, stream::kMagic) || hello->version != stream::kVersion) {
      return record.corrupt("expected a stream of version " + std::to_string(stream::kVersion) +
                            ", found another one");
    }
    totals_.hello = *hello;
    totals_.python_version = payload.take_rest();
    return std::nullopt;
  }

  std::optional<Error> take_type(const Record& record) {
    Payload payload(record.payload);
    const auto type = payload.take<stream::Type>();
    const auto name = type ? payload.take_text(type->name_bytes) : std::nullopt;
    const auto module = name ? payload.take_text(type->module_bytes) : std::nullopt;
    if (!module || payload.left() != 0) {
      return record.corrupt("expected a name and a module, found another length");
    }
    const bool goes_without_saying =
        module->empty() || *module == "builtins" || *module == "__main__";
    std::string text(goes_without_saying ? "" : std::string(*module) + '.');
    text += name->empty() ? std::string_view("?") : *name;
    name_by_class_.insert_or_assign(type->node, std::move(text));
    return std::nullopt;
  }

  std::optional<Error> take_totals(const Record& record) {
    Payload payload(record.payload);
    const auto totals = payload.take<stream::Totals>();
    if (!totals || payload.left() % sizeof(stream::TypeTotal) != 0) {
      return record.corrupt("expected whole totals, found " +
                            std::to_string(record.payload.size()) + " bytes");
    }
    totals_.cpu_ns = totals->cpu_ns;
    while (const auto total = payload.take<stream::TypeTotal>()) {
      const auto name = name_by_class_.find(total->node);
      if (name == name_by_class_.end()) {
        return record.corrupt("expected a class of which the name has come, found object " +
                              std::to_string(total->node));
      }
      totals_.types.push_back({name->second, total->objects, total->bytes});
      totals_.objects += total->objects;
      totals_.bytes += total->bytes;
    }
    return std::nullopt;
  }

  std::optional<Error> take_end(const Record& record) {
    Payload payload(record.payload);
    const auto end = payload.take<stream::End>();
    if (!end || payload.left() != 0) return record.corrupt("expected an end, found another length");
    if (end->node_count != totals_.objects) {
      return record.corrupt("expected " + std::to_string(totals_.objects) + " objects, found " +
                            std::to_string(end->node_count));
    }
    totals_.end = *end;
    return std::nullopt;
  }

  ReadTotals totals_;
  std::unordered_map<std::uint32_t, std::string> name_by_class_;
};

}  // namespace

Result<ReadTotals> read_totals(int fd, stream::StopConditions stop) {
  stream::StreamReader reader(fd, std::move(stop));
  TotalsCollector collector;
  for (;;) {
    const Result<Record> record = reader.next();
    if (!record) return record.error();
    if (record->kind == RecordKind::kFailure) return stream::failure_of(*record);
    if (auto error = collector.take(*record)) return *std::move(error);
    if (record->kind == RecordKind::kEnd) return std::move(collector).finish();
  }
}

}  // namespace ouro::python::heap
