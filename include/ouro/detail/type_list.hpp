// A list of types, as a value that costs nothing.
#pragma once

namespace ouro::detail {

template <class... Types>
struct TypeList {};

}  // namespace ouro::detail
