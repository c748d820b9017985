#include "watch/screen/view.hpp"

#include <algorithm>

namespace ouro::watch {

namespace {

constexpr std::size_t kPage = 10;

void scroll(std::size_t& first, int key) {
  switch (key) {
    case Key::kUp:
      first -= std::min<std::size_t>(first, 1);
      break;
    case Key::kDown:
      ++first;
      break;
    case Key::kPageUp:
      first -= std::min(first, kPage);
      break;
    case Key::kPageDown:
      first += kPage;
      break;
    case Key::kHome:
      first = 0;
      break;
    default:
      break;
  }
}

}  // namespace

void View::open_pane(std::string_view text) {
  pane.clear();
  first_pane_line = 0;
  is_help = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    pane.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

Action View::handle(int key) {
  if (key == Key::kInterrupt) return Action::kQuit;
  if (key == Key::kSuspend) return Action::kSuspend;
  if (key == Key::kRedraw) return Action::kRedraw;
  if (is_filtering) {
    if (key == Key::kEnter || key == Key::kEscape) {
      is_filtering = false;
      if (key == Key::kEscape) filter.clear();
    } else if (key == Key::kBackspace || key == 127) {
      if (!filter.empty()) filter.pop_back();
    } else if (key >= ' ' && key < 127) {
      filter += static_cast<char>(key);
    }
    first_row = 0;
    return Action::kNone;
  }
  message.clear();
  if (is_help) {
    is_help = false;
    return key == 'q' ? Action::kQuit : Action::kNone;
  }
  if (!pane.empty()) {
    if (key == Key::kEscape || key == 'q' || key == Key::kEnter) {
      pane.clear();
      return Action::kNone;
    }
    scroll(first_pane_line, key);
  } else {
    if (key == Key::kEscape) filter.clear();
    scroll(first_row, key);
  }
  const auto sort_by = [this](TypeOrder wanted) {
    order = wanted;
    first_row = 0;
    return Action::kNone;
  };
  switch (key) {
    case 'b':
      return sort_by(TypeOrder::kBytes);
    case 'o':
      return sort_by(TypeOrder::kObjects);
    case 'g':
      return sort_by(TypeOrder::kGrowth);
    case '/':
      pane.clear();
      is_filtering = true;
      filter.clear();
      return Action::kNone;
    case 'r':
      return Action::kRestart;
    case 's':
      return Action::kSnapshot;
    case 'w':
      return Action::kWhy;
    case ' ':
      return Action::kPause;
    case '?':
    case 'h':
      is_help = true;
      return Action::kNone;
    case 'q':
      return Action::kQuit;
    default:
      return Action::kNone;
  }
}

}  // namespace ouro::watch
