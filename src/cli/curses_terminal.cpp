#include "cli/curses_terminal.hpp"

// Wide characters, and functions instead of macros that take names such as `erase`.
#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#include <curses.h>
#include <langinfo.h>
#include <term.h>
#undef columns  // a macro of term.h
#include <unistd.h>

#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "watch/screen/view.hpp"

namespace ouro::cli {

namespace {

using watch::Glyphs;
using watch::Key;
using watch::Style;

/// What the environment says, by POSIX's order of variables.
bool asks_for_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    const std::string_view text(value);
    for (const char* word : {"UTF-8", "utf8", "utf-8", "UTF8"}) {
      if (text.find(word) != std::string_view::npos) return true;
    }
    return false;
  }
  return false;
}

/// A static program copied to another system may not find the locale that is named, but the plain
/// one of UTF-8; without it ncurses takes no characters but ASCII.
Glyphs choose_glyphs() {
  if (!asks_for_utf8()) return Glyphs::kAscii;
  for (const char* locale : {"", "C.UTF-8", "en_US.UTF-8"}) {
    if (std::setlocale(LC_CTYPE, locale) == nullptr) continue;
    if (std::string_view(nl_langinfo(CODESET)) == "UTF-8") return Glyphs::kUnicode;
  }
  std::setlocale(LC_CTYPE, "C");
  return Glyphs::kAscii;
}

constexpr short kRssPair = 1, kUssPair = 2, kPssPair = 3, kGrowsPair = 4, kFallsPair = 5,
                kWarningPair = 6;

attr_t attributes_of(Style style, bool has_colours) {
  const auto colour = [has_colours](short pair, attr_t otherwise) -> attr_t {
    return has_colours ? static_cast<attr_t>(COLOR_PAIR(pair)) : otherwise;
  };
  switch (style) {
    case Style::kPlain:
      return A_NORMAL;
    case Style::kDim:
      return A_DIM;
    case Style::kBold:
      return A_BOLD;
    case Style::kTitle:
    case Style::kKeys:
      return A_REVERSE;
    case Style::kRss:
      return colour(kRssPair, A_NORMAL);
    case Style::kUss:
      return colour(kUssPair, A_BOLD);
    case Style::kPss:
      return colour(kPssPair, A_DIM);
    case Style::kGrows:
      return colour(kGrowsPair, 0) | A_BOLD;
    case Style::kFalls:
      return colour(kFallsPair, A_NORMAL);
    case Style::kWarning:
      return colour(kWarningPair, A_BOLD);
  }
  return A_NORMAL;
}

}  // namespace

bool CursesTerminal::is_there() {
  if (isatty(STDIN_FILENO) == 0 || isatty(STDOUT_FILENO) == 0) return false;
  int error = 0;
  if (setupterm(nullptr, STDOUT_FILENO, &error) != OK) return false;
  // A dumb one cannot move its cursor.
  const char* move = tigetstr("cup");
  return move != nullptr && move != reinterpret_cast<const char*>(-1);
}

CursesTerminal::CursesTerminal() : glyphs_(choose_glyphs()) {
  set_term(newterm(nullptr, stdout, stdin));
  raw();  // Ctrl-C and Ctrl-Z are keys: both wait until the program is as it was
  noecho();
  nonl();
  keypad(stdscr, TRUE);
  set_escdelay(50);
  curs_set(0);
  set_up_colours();
}

CursesTerminal::~CursesTerminal() {
  curs_set(1);
  endwin();
}

void CursesTerminal::set_up_colours() {
  has_colours_ = has_colors() && start_color() == OK && COLOR_PAIRS > kWarningPair;
  if (!has_colours_) return;
  const short background = use_default_colors() == OK ? short{-1} : short{COLOR_BLACK};
  init_pair(kRssPair, COLOR_CYAN, background);
  init_pair(kUssPair, COLOR_YELLOW, background);
  init_pair(kPssPair, COLOR_BLUE, background);
  init_pair(kGrowsPair, COLOR_RED, background);
  init_pair(kFallsPair, COLOR_GREEN, background);
  init_pair(kWarningPair, COLOR_MAGENTA, background);
}

watch::Canvas CursesTerminal::canvas() const {
  int rows = 0;
  int columns = 0;
  getmaxyx(stdscr, rows, columns);
  return {static_cast<std::size_t>(rows), static_cast<std::size_t>(columns), glyphs_};
}

void CursesTerminal::show(const watch::Canvas& canvas) {
  werase(stdscr);
  for (std::size_t row = 0; row < canvas.rows(); ++row) {
    for (std::size_t column = 0; column < canvas.columns();) {
      // Cells of one style at a time.
      const Style style = canvas.at(row, column).style;
      std::wstring text;
      std::size_t end = column;
      for (; end < canvas.columns() && canvas.at(row, end).style == style; ++end) {
        const char32_t glyph = canvas.at(row, end).glyph;
        if (glyph != 0) text += static_cast<wchar_t>(glyph);
      }
      wattr_set(stdscr, attributes_of(style, has_colours_), 0, nullptr);
      if (has_colours_) {
        wattrset(stdscr, static_cast<int>(attributes_of(style, has_colours_)));
      }
      mvwaddnwstr(stdscr, static_cast<int>(row), static_cast<int>(column), text.c_str(),
                  static_cast<int>(text.size()));
      column = end;
    }
  }
  wrefresh(stdscr);
}

void CursesTerminal::redraw_all() {
  clearok(stdscr, TRUE);
}

void CursesTerminal::suspend() {
  endwin();
  std::raise(SIGSTOP);
  wrefresh(stdscr);
  curs_set(0);
}

std::optional<int> CursesTerminal::key(std::chrono::milliseconds most) {
  wtimeout(stdscr, static_cast<int>(most.count()));
  const int key = wgetch(stdscr);
  switch (key) {
    case ERR:
    case KEY_RESIZE:
      return std::nullopt;
    case KEY_UP:
      return Key::kUp;
    case KEY_DOWN:
      return Key::kDown;
    case KEY_PPAGE:
      return Key::kPageUp;
    case KEY_NPAGE:
      return Key::kPageDown;
    case KEY_HOME:
      return Key::kHome;
    case KEY_SUSPEND:  // what Linux's console calls Ctrl-Z
      return Key::kSuspend;
    case KEY_BACKSPACE:
      return Key::kBackspace;
    case '\r':
    case KEY_ENTER:
      return Key::kEnter;
    default:
      return key < 256 ? std::optional<int>(key) : std::nullopt;
  }
}

}  // namespace ouro::cli
