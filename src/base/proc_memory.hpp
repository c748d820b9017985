// The texts below /proc/PID that tell a process's memory, parsed. Apart from reading so that torn
// text can be tested.
//
// Each function takes the whole text of one file and fills the fields it is about. `place` is the
// file's name for the error. Unknown lines are skipped (each kernel adds some); a line that is
// known must be whole, or it is kCorrupt.
#pragma once

#include <ouro/base/memory_info.hpp>

#include <optional>
#include <string_view>

namespace ouro::detail {

// statm: "732 483 453 6 0 89 0\n", in pages; fills vms, rss, shared.
std::optional<Error> parse_statm(std::string_view text, std::string_view place,
                                 std::uint64_t page_bytes, MemoryInfo& info);

// status: "VmHWM:\t    1708 kB\n" among others; fills peak_rss. Kernel threads have no such line:
// 0.
std::optional<Error> parse_status(std::string_view text, std::string_view place, MemoryInfo& info);

// smaps_rollup (one mapping, the sum) or smaps (all mappings): "Private_Dirty:   120 kB\n" among
// others, summed into uss, pss and swap. Kernel threads have no mappings: an empty text is all
// zeros.
std::optional<Error> parse_smaps(std::string_view text, std::string_view place, MemoryInfo& info);

// status, "State:\tZ (zombie)": the process has ended, only its entry waits for the parent.
bool is_zombie(std::string_view status);

}  // namespace ouro::detail
