#include "python/attach/attach.hpp"

#include <poll.h>

#include <algorithm>
#include <string>
#include <vector>

#include "python/attach/test_hook.hpp"

namespace ouro::python::attach {

namespace {

using std::chrono::milliseconds;

/// A pending call comes within a millisecond where Python code runs, within 130 where four threads
/// compete; a call into C that keeps Python waiting may take any time.
constexpr auto kPendingCallPatience = milliseconds(200);
/// A main thread that waits so long for a lock of C code does not do so within malloc().
constexpr auto kMostBetweenStops = milliseconds(100);
constexpr auto kProgressInterval = milliseconds(100);

struct Pipe {
  Descriptor end;
  agent::Way way;
};

class Attaching {
 public:
  Attaching(const Target& target, const AgentImage& image, const AttachOptions& options,
            const Interruption& interruption, Progress* progress)
      : target_(target),
        image_(image),
        options_(options),
        interruption_(interruption),
        progress_(progress) {}

  Result<Attached> run();

 private:
  std::optional<Error> stop_once();
  /// Whether an agent speaks; its pipe is then in result_.
  bool listen(Clock::time_point until);
  bool has_thread() const;
  Error error(ErrorCode code, std::string message) const;
  /// All agents went without a word.
  Error error_of_silence() const;

  const Target& target_;
  const AgentImage& image_;
  const AttachOptions& options_;
  const Interruption& interruption_;
  Progress* progress_;
  std::vector<Pipe> pipes_;
  bool is_silent_ = false;  ///< an agent went without a word
  std::string why_not_now_;
  Attached result_;
};

Error Attaching::error(ErrorCode code, std::string message) const {
  return {code, "process " + std::to_string(target_.process.pid()), std::move(message)};
}

Error Attaching::error_of_silence() const {
  const char state = target_.process.state();
  if (state == '\0' || state == 'Z') return error(ErrorCode::kNotFound, "has ended meanwhile");
  const std::uint64_t code = target_.request.gil_ensure;
  const auto is_there = [code](const Mapping& mapping) {
    return mapping.is_executable && mapping.begin <= code && code < mapping.end;
  };
  if (std::ranges::none_of(target_.process.mappings(), is_there)) {
    return error(ErrorCode::kNotFound, "has replaced itself by another program (exec) meanwhile");
  }
  return error(ErrorCode::kInputOutput, kCloneEnded);
}

bool Attaching::has_thread() const {
  return std::ranges::any_of(pipes_,
                             [](const Pipe& pipe) { return pipe.way == agent::Way::kByThread; });
}

std::optional<Error> Attaching::stop_once() {
  const InjectionOptions options{.walks_in_place = options_.walks_in_place,
                                 .says_totals = options_.says_totals,
                                 .needs_thread = !pipes_.empty()};
  auto injection = inject(target_, image_, options, interruption_);
  if (!injection) return injection.error();
  ++result_.stops;
  result_.all_stops += injection->stopped;
  result_.longest_stop = std::max(result_.longest_stop, injection->stopped);
  why_not_now_ = injection->not_now;
  if (injection->pipe.is_open()) pipes_.push_back({std::move(injection->pipe), injection->way});
  return std::nullopt;
}

bool Attaching::listen(Clock::time_point until) {
  using std::chrono::duration_cast;
  std::vector<pollfd> polled;
  for (const Pipe& pipe : pipes_) polled.push_back({pipe.end.number(), POLLIN, 0});
  const auto left = duration_cast<milliseconds>(until - Clock::now()).count();
  if (poll(polled.data(), polled.size(), static_cast<int>(std::max(left, decltype(left){0}))) <=
      0) {
    return false;
  }
  for (std::size_t i = 0; i < polled.size(); ++i) {
    if ((polled[i].revents & POLLIN) != 0) {
      result_.pipe = std::move(pipes_[i].end);
      result_.way = pipes_[i].way;
      return true;
    }
    is_silent_ = is_silent_ || polled[i].revents != 0;
  }
  std::erase_if(pipes_, [&](const Pipe& pipe) {
    return std::ranges::any_of(polled, [&](const pollfd& entry) {
      return entry.fd == pipe.end.number() && entry.revents != 0;
    });
  });
  return false;
}

Result<Attached> Attaching::run() {
  auto between_stops = milliseconds(1);
  auto next_stop = Clock::now();
  const auto end = next_stop + options_.patience;
  if (progress_ != nullptr) progress_->begin("waiting until the program can be looked at", 0);
  for (;;) {
    if (interruption_.has_come()) return error(ErrorCode::kInputOutput, "interrupted");
    if (Clock::now() >= end) {
      return error(ErrorCode::kUnsupported,
                   "let nobody look at it all that time: " +
                       (why_not_now_.empty() ? "its interpreter was kept busy by a call into C, or "
                                               "by a collection of garbage"
                                             : why_not_now_) +
                       "; nothing of it was changed, --timeout waits longer");
    }
    if (!has_thread() && Clock::now() >= next_stop) {
      const bool had_pipe = !pipes_.empty();
      if (auto error = stop_once()) {
        // What a pending call waits for already may still come.
        if (!had_pipe || target_.process.state() == '\0') return *std::move(error);
      }
      next_stop = Clock::now() + between_stops;
      if (pipes_.size() == 1 && !had_pipe && !has_thread()) {
        next_stop = Clock::now() + kPendingCallPatience;
      } else {
        between_stops = std::min(between_stops * 2, kMostBetweenStops);
      }
    }
    const auto until = has_thread() ? Clock::now() + kProgressInterval
                                    : std::min(next_stop, Clock::now() + kProgressInterval);
    if (pipes_.empty()) {
      interruption_.sleep_until(until);
    } else if (listen(until)) {
      reached("hello");
      return std::move(result_);
    } else if (is_silent_ && pipes_.empty()) {
      return error_of_silence();
    }
    if (progress_ != nullptr) progress_->advance(0);
  }
}

}  // namespace

Result<Attached> attach(const Target& target, const AttachOptions& options,
                        const Interruption& interruption, Progress* progress) {
  const auto image = AgentImage::load();
  if (!image) return image.error();
  return Attaching(target, *image, options, interruption, progress).run();
}

}  // namespace ouro::python::attach
