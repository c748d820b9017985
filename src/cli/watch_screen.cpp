#include "cli/watch_screen.hpp"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "cli/curses_terminal.hpp"
#include "cli/why_grown.hpp"
#include "python/attach/snapshot.hpp"
#include "report/units.hpp"
#include "watch/screen/draw.hpp"

namespace ouro::cli {

namespace {

namespace attach = python::attach;
using std::chrono::milliseconds;
using watch::Action;

class Screen {
 public:
  Screen(watch::Watch& watch, const ScreenOptions& options,
         const attach::Interruption& interruption, const ShowMore& show_more)
      : watch_(watch), options_(options), interruption_(interruption), show_more_(show_more) {}

  void run();

 private:
  void step(bool& has_changed);
  /// False: the screen is to end.
  bool act(Action action);
  void take_snapshot();
  void ask_why();
  void take_answer();
  void end_look();

  watch::Watch& watch_;
  const ScreenOptions& options_;
  const attach::Interruption& interruption_;
  const ShowMore& show_more_;
  watch::View view_;
  CursesTerminal terminal_;

  /// What is asked for waits until no look is under way.
  Action asked_for_ = Action::kNone;
  struct Answer {
    std::string message;
    std::string pane;
    std::string holder;
  };
  /// The worker's, while it is busy.
  std::optional<Answer> answer_;
  bool is_asking_ = false;
  std::size_t shown_rows_ = 0;
  std::size_t shown_columns_ = 0;
};

void Screen::run() {
  constexpr auto kBetweenKeys = milliseconds(200);
  constexpr auto kBetweenLooksAtWorker = milliseconds(50);
  bool has_changed = true;
  auto next_drawing = attach::Clock::now();
  while (!interruption_.has_come() && watch_.goes_on()) {
    step(has_changed);
    if (has_changed || attach::Clock::now() >= next_drawing) {
      watch::Canvas canvas = terminal_.canvas();
      draw(canvas, watch_, view_);
      terminal_.show(canvas);
      has_changed = false;
      next_drawing = attach::Clock::now() + std::chrono::seconds(1);
    }
    const auto until_event = std::chrono::ceil<milliseconds>(
        watch_.is_looking() ? kBetweenLooksAtWorker : watch_.next_event() - attach::Clock::now());
    if (const auto key = terminal_.key(std::clamp(until_event, milliseconds(1), kBetweenKeys))) {
      has_changed = true;
      if (!act(view_.handle(*key))) return end_look();
    }
    const watch::Canvas size = terminal_.canvas();
    has_changed = has_changed || size.rows() != shown_rows_ || size.columns() != shown_columns_;
    shown_rows_ = size.rows();
    shown_columns_ = size.columns();
  }
}

/// One that waits for a program that lets nobody look would be waited for until its patience ends.
void Screen::end_look() {
  if (watch_.is_looking()) std::raise(SIGINT);
}

void Screen::step(bool& has_changed) {
  if (is_asking_ && !watch_.is_looking()) {
    take_answer();
    has_changed = true;
  }
  const watch::Watch::News news = watch_.advance();
  if (std::string said = show_more_(news); !said.empty()) view_.message = std::move(said);
  if (news.is_other_program) view_.message = "it has replaced itself (exec): all is counted anew";
  has_changed = has_changed || news.has_sample || news.has_look;
  if (watch_.is_looking()) return;
  switch (std::exchange(asked_for_, Action::kNone)) {
    case Action::kSnapshot:
      return take_snapshot();
    case Action::kWhy:
      return ask_why();
    case Action::kSuspend:
      return terminal_.suspend();
    default:
      return;
  }
}

bool Screen::act(Action action) {
  switch (action) {
    case Action::kQuit:
      return false;
    case Action::kRestart:
      watch_.restart();
      view_.holder.clear();
      view_.message = "growth is counted from now on";
      break;
    case Action::kPause:
      watch_.pause(!watch_.is_paused());
      view_.message = watch_.is_paused() ? "objects are looked at no more; space goes on" : "";
      break;
    case Action::kRedraw:
      terminal_.redraw_all();
      break;
    case Action::kSnapshot:
      view_.message = "taking a snapshot ...";
      asked_for_ = action;
      break;
    case Action::kWhy:
      view_.message = "asking why ...";
      asked_for_ = action;
      break;
    case Action::kSuspend:
      asked_for_ = action;
      break;
    case Action::kNone:
      break;
  }
  return true;
}

void Screen::take_snapshot() {
  const pid_t process = watch_.target().process.pid();
  const std::string pattern =
      options_.snapshot_name.empty()
          ? program_word(watch_.target().process.command_line()) + "-%p-%t.ouro"
          : options_.snapshot_name;
  const std::string path = SnapshotNames(pattern, "", false).name(process, 1);
  if (access(path.c_str(), F_OK) == 0) {
    view_.message = path + " exists already; %t in -o gives each snapshot its own name";
    return;
  }
  try {
    check_output(path, false);
  } catch (const Failure& failure) {
    view_.message = failure.what();
    return;
  }
  answer_.reset();
  is_asking_ = true;
  watch_.do_with_target([this, path](const attach::Target& target) {
    const auto snapshot =
        attach::take_snapshot(target,
                              {.path = path,
                               .walks_in_place = options_.walks_in_place,
                               .patience = options_.patience,
                               .more_facts = {{"occasion", "key s of ouro watch"}}},
                              interruption_);
    Answer answer;
    answer.message = snapshot ? report::with_separators(snapshot->objects) +
                                    " objects; look at it by: ouro report " + path
                              : "no snapshot: " + snapshot.error().to_string();
    answer_ = std::move(answer);
  });
}

void Screen::ask_why() {
  const std::string type = fastest_grower(watch_);
  if (type.empty()) {
    view_.message = "nothing has grown since the start";
    return;
  }
  answer_.reset();
  is_asking_ = true;
  const attach::SnapshotOptions options{.path = {},
                                        .walks_in_place = options_.walks_in_place,
                                        .patience = options_.patience,
                                        .more_facts = {}};
  const std::size_t width = terminal_.canvas().columns();
  watch_.do_with_target([this, type, options, width](const attach::Target& target) {
    const auto why =
        why_grown(target, type, options, interruption_, width - std::min<std::size_t>(width, 2));
    Answer answer;
    if (why) {
      answer.pane = why->text;
      answer.holder = why->holder;
    } else {
      answer.message = "no answer: " + why.error().to_string();
    }
    answer_ = std::move(answer);
  });
}

void Screen::take_answer() {
  is_asking_ = false;
  if (!answer_) return;
  view_.message = answer_->message;
  if (!answer_->holder.empty()) view_.holder = answer_->holder;
  if (!answer_->pane.empty()) view_.open_pane(answer_->pane);
  answer_.reset();
}

}  // namespace

bool can_show_screen() {
  return CursesTerminal::is_there();
}

void run_screen(watch::Watch& watch, const ScreenOptions& options,
                const attach::Interruption& interruption, const ShowMore& show_more) {
  Screen(watch, options, interruption, show_more).run();
}

}  // namespace ouro::cli
