// What Python programs have without asking: a list of anything, boxed numbers, show_memory_info.
#pragma once

#include <initializer_list>
#include <iomanip>
#include <iostream>
#include <ouro/ouro.hpp>
#include <string_view>
#include <utility>
#include <vector>

/// Python's list: it holds objects of any type.
struct List {
  std::vector<ouro::Ref<void>> items;

  void append(ouro::Ref<void> item) { items.push_back(std::move(item)); }
};

/// [i for i in range(count)], each number an object of its own.
inline ouro::Ref<List> list_of_range(int count) {
  auto list = ouro::make<List>();
  // In one step: the blocks that a growing vector leaves behind would blur the memory shown.
  list->items.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) list->append(ouro::make<int>(i));
  return list;
}

/// [1, 2, 3]
inline ouro::Ref<List> list_of_numbers(std::initializer_list<int> numbers) {
  auto list = ouro::make<List>();
  for (const int number : numbers) list->append(ouro::make<int>(number));
  return list;
}

/// The memory that the system would get back if the program ended now (USS), as psutil has it.
inline void show_memory_info(std::string_view hint) {
  const auto uss_bytes = static_cast<double>(ouro::memory_info().uss);
  std::cout << hint << " memory used: " << std::setprecision(12) << uss_bytes / 1024. / 1024
            << " MB" << std::endl;
}
