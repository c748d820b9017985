// What is left behind, in words.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <ouro/testing/leaks.hpp>

namespace ouro::testing {

/// "1,234"
std::string with_separators(std::size_t number);
/// "1 object", "2 objects"
std::string counted(std::size_t number, std::string_view what);

/// "   16 Packet  62,592 bytes  global variable connections[].packets_[]", a line a type.
std::string table_of(const std::vector<LeftAlive>& alive);
/// "1 group, 2 objects: A.b -> B.a ->; make weak: B.a", a line a shape.
std::string lines_of(const std::vector<CyclesLeft>& cycles, std::string_view indent);

}  // namespace ouro::testing
