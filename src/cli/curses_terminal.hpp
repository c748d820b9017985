// A terminal through ncurses, as far as a screen of `ouro watch` needs it: a canvas goes out, keys
// come in.
#pragma once

#include <chrono>
#include <optional>

#include "watch/screen/canvas.hpp"

namespace ouro::cli {

class CursesTerminal {
 public:
  /// Whether standard input and output are one, of a kind that terminfo knows.
  static bool is_there();

  /// Precondition: is_there(). One at a time.
  CursesTerminal();
  CursesTerminal(const CursesTerminal&) = delete;
  CursesTerminal& operator=(const CursesTerminal&) = delete;
  /// The terminal is as it was.
  ~CursesTerminal();

  /// An empty one of the terminal's size.
  watch::Canvas canvas() const;
  void show(const watch::Canvas& canvas);
  void redraw_all();
  /// Gives the terminal back, stops this process (Ctrl-Z), and takes it again when it goes on.
  void suspend();
  /// A watch::Key, or nothing within that time; also where the size has changed.
  std::optional<int> key(std::chrono::milliseconds most);

 private:
  void set_up_colours();

  bool has_colours_ = false;
  watch::Glyphs glyphs_;
};

}  // namespace ouro::cli
