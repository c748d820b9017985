// The colours of all pictures of objects, so that those of a running program and those of a file
// look alike. Dark enough on white for small text: contrast 4.5 and more.
#pragma once

namespace ouro::picture {

inline constexpr const char* kInk = "#0f172a";
inline constexpr const char* kQuietInk = "#475569";
inline constexpr const char* kLine = "#64748b";
inline constexpr const char* kCycle = "#dc2626";
inline constexpr const char* kOutside = "#15803d";

}  // namespace ouro::picture
