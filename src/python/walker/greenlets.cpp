#include "python/walker/greenlets.hpp"

#include "python/walker/frame_view.hpp"
#include "python/walker/lookup.hpp"
#include "python/walker/readable.hpp"

namespace ouro::python::walker {
namespace {

constexpr std::int64_t kBasicSize = 40;  ///< sizeof(PyGreenlet)
constexpr int kPimpl = 32;
constexpr int kWords = 24;      ///< of pimpl, at least
constexpr int kMostWords = 12;  ///< of these: until the piece of the stack
/// From there to the frame object, in words: behind the four come a link and, in all releases up to
/// 3.5, one word more.
constexpr int kNearest = 5;
constexpr int kFurthest = 7;
static_assert(kMostWords + kFurthest <= kWords);
constexpr std::uint64_t kMostStackBytes = std::uint64_t{1} << 30;
/// Of the thread's first greenlet: the C stack's end is not known to it.
constexpr std::uint64_t kNoEnd = ~std::uint64_t{0};
constexpr std::uint64_t kUnknown = ~std::uint64_t{0};

bool is_readable_word(std::uint64_t address) {
  return address >= 4096 && address % 8 == 0 && is_readable(address);
}

/// Whether there is a frame of a Python function, of which it is only known that it should be one.
bool is_python_frame(std::uint64_t frame) {
  const std::uint64_t code_at = frame + static_cast<std::uint64_t>(frame_layout.code);
  const std::uint64_t last = frame + static_cast<std::uint64_t>(frame_layout.localsplus);
  if (!is_readable_word(code_at) || !is_readable_word(last)) return false;
  constexpr std::uint64_t kTags = 7;
  const std::uint64_t code = load<std::uint64_t>(object_at(code_at), 0) & ~kTags;
  const auto type_at = code + 8 + static_cast<std::uint64_t>(layout.header);
  return is_readable_word(type_at) && FrameView(object_at(frame)).is_python();
}

/// The frame, as FrameView takes it, of a frame object there of a function that runs or waits;
/// null: there is none.
const void* frame_of(std::uint64_t address) {
  const auto header = static_cast<std::uint64_t>(layout.header);
  if (!is_readable_word(address) || !is_readable_word(address + 8 + header)) return nullptr;
  const Object* object = object_at(address);
  if (!is_exactly(object, symbols.PyFrame_Type)) return nullptr;
  if (frame_layout.is_object) return FrameView(object).is_python() ? object : nullptr;
  const auto frame = load<std::uint64_t>(object, frame_layout.frame_object_frame);
  const std::uint64_t back = frame + static_cast<std::uint64_t>(frame_layout.frame_object);
  const bool is_frame = is_readable_word(back) &&
                        load<std::uint64_t>(object_at(back), 0) == address &&
                        is_python_frame(frame);
  return is_frame ? object_at(frame) : nullptr;
}

}  // namespace

bool is_greenlet_type(const Object* type) {
  // From 3.15 on a greenlet's frame objects own its frames, so that tp_traverse shows what is in
  // them.
  if (layout.minor >= 15) return false;
  for (; type != nullptr; type = type_base(type)) {
    if (!is_named(type, "greenlet.greenlet")) continue;
    return type_basic_size(type) == kBasicSize + layout.header;
  }
  return false;
}

GreenletStack::GreenletStack(const Object* greenlet) {
  const auto pimpl = load<std::uint64_t>(greenlet, kPimpl + layout.header);
  if (!is_readable_word(pimpl) || !is_readable_word(pimpl + 8 * (kWords - 1))) return;
  const auto word = [&](int at) { return load<std::uint64_t>(object_at(pimpl), 8 * at); };
  bool has_self = false;
  for (int at = 0; at < kWords; ++at) has_self = has_self || word(at) == address_of(greenlet);
  if (!has_self) return;
  for (int at = 1; at < kMostWords; ++at) {
    const Piece piece = {word(at), word(at + 1), word(at + 2), word(at + 3)};
    if (piece.start < 4096 || piece.stop <= piece.start) continue;
    const std::uint64_t bytes = piece.stop - piece.start;
    if (bytes > kMostStackBytes && piece.stop != kNoEnd) continue;
    if (piece.saved > bytes || piece.saved > kMostStackBytes) continue;
    if ((piece.saved != 0) != (piece.copy != 0)) continue;
    for (int behind = kNearest; behind <= kFurthest && newest_ == nullptr; ++behind) {
      newest_ = frame_of(word(at + behind));
    }
    piece_ = piece;
    if (newest_ != nullptr) return;
  }
}

std::uint64_t GreenletStack::word_at(std::uint64_t address) const {
  const bool is_copied = address - piece_.start < piece_.saved;
  const std::uint64_t place = is_copied ? address - piece_.start + piece_.copy : address;
  return is_readable_word(place) ? load<std::uint64_t>(object_at(place), 0) : kUnknown;
}

int GreenletStack::owner_of(std::uint64_t frame) const {
  const std::uint64_t byte = frame + static_cast<std::uint64_t>(frame_layout.owner);
  const std::uint64_t word = word_at(byte & ~std::uint64_t{7});
  return word == kUnknown ? -1 : static_cast<int>(word >> (8 * (byte & 7)) & 0xFF);
}

const void* GreenletStack::caller_of(const void* frame) const {
  constexpr int kMostEntries = 1000;  // of C code that called C code
  auto address = load<std::uint64_t>(frame, frame_layout.previous);
  if (frame_layout.is_object) return object_at(address);
  for (int entry = 0; address != 0 && entry < kMostEntries; ++entry) {
    const int owner = owner_of(address);
    if (owner < 0) return nullptr;
    if (owner < FrameOwner::kInterpreter && is_python_frame(address)) return object_at(address);
    address = word_at(address + static_cast<std::uint64_t>(frame_layout.previous));
    if (address == kUnknown) return nullptr;
  }
  return nullptr;
}

}  // namespace ouro::python::walker
