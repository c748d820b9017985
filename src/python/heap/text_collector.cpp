#include "python/heap/text_collector.hpp"

#include <string>
#include <utility>

#include "python/heap/previews.hpp"
#include "python/stream/payload.hpp"

namespace ouro::python::heap {

using stream::Record;
using stream::TextEntry;
using stream::TextKind;

TextCollector::~TextCollector() {
  stop();
}

std::optional<Error> TextCollector::take(const Record& record) {
  if (!thread_.joinable()) {
    bytes_before_thread_ += record.payload.size();
    if (bytes_before_thread_ < kWorthAThread) return read(record);
    thread_ = std::thread([this] { run(); });
  }
  return put(record);
}

std::optional<Error> TextCollector::put(const Record& record) {
  std::unique_lock lock(mutex_);
  has_changed_.wait(lock, [&] { return waiting_bytes_ < kMostWaitingBytes || error_; });
  if (error_) return error_;
  std::vector<std::byte> payload;
  if (!spare_.empty()) {
    payload = std::move(spare_.back());
    spare_.pop_back();
  }
  lock.unlock();
  payload.assign(record.payload.begin(), record.payload.end());
  lock.lock();
  waiting_.push_back({record, std::move(payload)});
  waiting_bytes_ += record.payload.size();
  has_changed_.notify_one();
  return std::nullopt;
}

void TextCollector::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    has_changed_.wait(lock, [&] { return !waiting_.empty() || is_at_end_; });
    if (waiting_.empty() || error_) return;
    Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    next.record.payload = next.payload;
    std::optional<Error> error = read(next.record);
    lock.lock();
    waiting_bytes_ -= next.payload.size();
    if (spare_.size() < kMostSpare) spare_.push_back(std::move(next.payload));
    error_ = std::move(error);
    has_changed_.notify_one();
  }
}

void TextCollector::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    is_at_end_ = true;
    has_changed_.notify_one();
  }
  thread_.join();
}

Result<CollectedTexts> TextCollector::finish() {
  stop();
  spare_ = {};
  if (error_) return *std::move(error_);
  return std::move(texts_);
}

std::optional<Error> TextCollector::read(const Record& record) {
  stream::Payload payload(record.payload);
  while (payload.left() != 0) {
    const auto entry = payload.take<TextEntry>();
    const auto bytes = entry ? payload.take_text(entry->bytes) : std::nullopt;
    if (!bytes) {
      return record.corrupt("expected a whole entry at its end, found a part of one");
    }
    payload.skip_padding(entry->bytes, 4);
    if (auto error = read(record, *entry, *bytes)) return error;
  }
  add_values();
  return std::nullopt;
}

std::optional<Error> TextCollector::read(const Record& record, const TextEntry& entry,
                                         std::string_view bytes) {
  auto preview = preview_of(entry, bytes);
  if (!preview) {
    return record.corrupt("object " + std::to_string(entry.node) + ": expected a text of kind " +
                          std::to_string(entry.what) + ", found " + std::to_string(bytes.size()) +
                          " bytes that are none");
  }
  if (entry.node >= texts_.nodes_named) {
    texts_.nodes_named = std::uint64_t{entry.node} + 1;
    texts_.offset_of_largest = record.offset;
  }
  const auto what = static_cast<TextKind>(entry.what);
  if (!keeps_values_ && shows_value(entry)) {
    if (what == TextKind::kStr) {
      texts_.hidden_texts.push_back({entry.node, texts_.hidden_strings.add_value(*preview)});
    }
    return std::nullopt;
  }
  if (shows_value(entry)) {
    if (value_count_ == kValuesAtOnce) add_values();
    const std::size_t hash = texts_.strings.hash_value(*preview);
    values_[value_count_++] = {entry.node, hash, *std::move(preview)};
    return std::nullopt;
  }
  add_values();  // those before: nodes come in order
  texts_.preview_nodes.push_back(entry.node);
  texts_.preview_texts.push_back(texts_.strings.add(*preview));
  if (what == TextKind::kCode) {
    const auto code = code_text_of(bytes);
    texts_.codes.push_back(
        {entry.node, {texts_.strings.add(code->name), texts_.strings.add(code->file)}});
  }
  if (what == TextKind::kFrame) {
    const auto frame = frame_text_of(bytes);
    const CodeTexts code{texts_.strings.add(frame->code.name),
                         texts_.strings.add(frame->code.file)};
    texts_.frame_texts.push_back({entry.node, {code, frame->code.first_line, frame->state}});
  }
  return std::nullopt;
}

void TextCollector::add_values() {
  for (std::size_t at = 0; at < value_count_; ++at) {
    const Value& value = values_[at];
    texts_.preview_nodes.push_back(value.node);
    texts_.preview_texts.push_back(texts_.strings.add_value(value.text, value.hash));
  }
  value_count_ = 0;
}

}  // namespace ouro::python::heap
