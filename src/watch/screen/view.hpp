// What a person sees of a watch on a screen, and what keys do to that.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "watch/type_growth.hpp"

namespace ouro::watch {

/// Keys as the screen knows them, whatever terminal they come from. Others are code points.
struct Key {
  static constexpr int kEscape = 27;
  static constexpr int kEnter = 10;
  static constexpr int kBackspace = 8;
  static constexpr int kInterrupt = 3;  ///< Ctrl-C
  static constexpr int kSuspend = 26;   ///< Ctrl-Z
  static constexpr int kRedraw = 12;    ///< Ctrl-L
  static constexpr int kUp = -1;
  static constexpr int kDown = -2;
  static constexpr int kPageUp = -3;
  static constexpr int kPageDown = -4;
  static constexpr int kHome = -5;
};

/// What is to be done beside drawing.
enum class Action { kNone, kRestart, kSnapshot, kWhy, kPause, kRedraw, kSuspend, kQuit };

struct View {
  TypeOrder order = TypeOrder::kGrowth;
  std::string filter;
  bool is_filtering = false;  ///< keys are letters of the filter
  std::size_t first_row = 0;  ///< of the table
  std::string message;        ///< what was done last; empty: the keys are shown
  bool is_help = false;
  /// A text in the place of the table; empty: none.
  std::vector<std::string> pane;
  std::size_t first_pane_line = 0;
  /// What `w` has found out: who holds what grows. A sentence.
  std::string holder;

  void open_pane(std::string_view text);
  Action handle(int key);
};

}  // namespace ouro::watch
