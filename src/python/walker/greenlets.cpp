#include "python/walker/greenlets.hpp"

#include "python/walker/frame_view.hpp"
#include "python/walker/lookup.hpp"
#include "python/walker/readable.hpp"

namespace ouro::python::walker {
namespace {

constexpr std::int64_t kBasicSize = 40;  ///< sizeof(PyGreenlet)
constexpr int kPimpl = 32;
constexpr int kSelf = 8;        ///< in pimpl
constexpr int kFirstWord = 16;  ///< where the search begins; bytes
constexpr int kMostWords = 10;  ///< until the piece of the stack, and from there to the frame
constexpr std::uint64_t kMostStackBytes = std::uint64_t{1} << 30;
/// Of the thread's first greenlet: the C stack's end is not known to it.
constexpr std::uint64_t kNoEnd = ~std::uint64_t{0};
constexpr std::uint64_t kUnknown = ~std::uint64_t{0};

bool is_readable_word(std::uint64_t address) {
  return address >= 4096 && address % 8 == 0 && is_readable(address);
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
  const bool is_frame =
      is_readable_word(frame) &&
      is_readable_word(frame + static_cast<std::uint64_t>(frame_layout.localsplus)) &&
      load<std::uint64_t>(object_at(frame), frame_layout.frame_object) == address &&
      FrameView(object_at(frame)).is_python();
  return is_frame ? object_at(frame) : nullptr;
}

}  // namespace

bool is_greenlet_type(const Object* type) {
  for (; type != nullptr; type = type_base(type)) {
    if (!is_named(type, "greenlet.greenlet")) continue;
    return type_basic_size(type) == kBasicSize + layout.header;
  }
  return false;
}

GreenletStack::GreenletStack(const Object* greenlet) {
  const auto pimpl = load<std::uint64_t>(greenlet, kPimpl + layout.header);
  const auto word = [&](int at) { return load<std::uint64_t>(object_at(pimpl), at); };
  constexpr int kEnd = kFirstWord + 8 * (2 * kMostWords + 4);
  if (!is_readable_word(pimpl) || !is_readable_word(pimpl + kEnd)) return;
  if (word(kSelf) != address_of(greenlet)) return;
  for (int at = kFirstWord; at < kFirstWord + 8 * kMostWords; at += 8) {
    const Piece piece = {word(at), word(at + 8), word(at + 16), word(at + 24)};
    if (piece.start < 4096 || piece.stop <= piece.start) continue;
    const std::uint64_t bytes = piece.stop - piece.start;
    if (bytes > kMostStackBytes && piece.stop != kNoEnd) continue;
    if (piece.saved > bytes || piece.saved > kMostStackBytes) continue;
    if ((piece.saved != 0) != (piece.copy != 0)) continue;
    piece_ = piece;
    for (int word_of = 4; word_of < 4 + kMostWords && newest_ == nullptr; ++word_of) {
      newest_ = frame_of(word(at + 8 * word_of));
    }
    return;
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
    const std::uint64_t last = address + static_cast<std::uint64_t>(frame_layout.localsplus);
    if (owner < FrameOwner::kInterpreter && is_readable_word(last) &&
        FrameView(object_at(address)).is_python()) {
      return object_at(address);
    }
    address = word_at(address + static_cast<std::uint64_t>(frame_layout.previous));
    if (address == kUnknown) return nullptr;
  }
  return nullptr;
}

}  // namespace ouro::python::walker
