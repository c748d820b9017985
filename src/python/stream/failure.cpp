#include "python/stream/failure.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "python/stream/payload.hpp"

namespace ouro::python::stream {

Error failure_of(const Record& record) {
  Payload payload(record.payload);
  const auto failure = payload.take<Failure>();
  if (!failure) return record.corrupt("expected the reason of a failure, found nothing");
  std::string reason(payload.take_rest());
  reason.resize(std::min(reason.size(), reason.find('\0')));
  std::string message = reason.empty() ? "it gave no reason" : reason;
  if (failure->signal != 0) message += " (signal " + std::to_string(failure->signal) + ')';
  if (failure->node != kNoNode) {
    message += ", while looking at object " + std::to_string(failure->node);
  }
  return {ErrorCode::kInputOutput, "the walker in the target failed", std::move(message)};
}

}  // namespace ouro::python::stream
