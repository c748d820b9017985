#include <ouro/testing/leak_referee.hpp>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include <ouro/gc.hpp>
#include <ouro/testing/leaks.hpp>
#include "testing/copy_of_program.hpp"
#include "testing/type_counts.hpp"
#include "testing/words.hpp"

namespace ouro::testing {

namespace {

using std::chrono::milliseconds;

/// A copy may start slowly, and one that is looked at runs slower than one that is not.
milliseconds longest(unsigned rounds, milliseconds took) {
  return milliseconds(30'000) + 10 * rounds * took;
}

std::string words_for(const std::vector<LeftAlive>& alive, unsigned repeated_runs) {
  std::string text = "leaves objects alive each time it runs";
  if (repeated_runs > 0) {
    text += " (" + std::to_string(repeated_runs) + " of " + std::to_string(repeated_runs) +
            " repeated runs)";
  }
  return text + ":\n" + table_of(alive) +
         "Let go of them where the test's work ends; what is to stay: "
         "LeakOptions().allow<T>(), .limit(test, objects)\n";
}

/// The test has returned: what looks like a local variable is what its frames left on the stack.
void forget_stack(std::vector<LeftAlive>& alive) {
  constexpr std::string_view kOnStack = "a local variable of the thread";
  for (LeftAlive& row : alive) {
    for (std::string& place : row.held_by) {
      if (!place.starts_with(kOnStack)) continue;
      place = std::string("a variable outside the heap").append(place.substr(kOnStack.size()));
    }
  }
}

std::string first_types(const CountByType& counts) {
  std::string text;
  std::size_t shown = 0;
  for (const auto& [type, count] : counts) {
    if (++shown > 3) return text + ", ...";
    if (!text.empty()) text += ", ";
    text += with_separators(count) + " " + type;
  }
  return text;
}

}  // namespace

class LeakReferee::State {
 public:
  explicit State(LeakOptions options) : options_(std::move(options)), order_(CopyOrder::given()) {}

  void begin_round() {
    ++round_;
    if (!order_) return;
    gc::collect();
    counts_of_round_ = count_by_type();
  }

  void begin_test(const std::string& name) {
    if (options_.skips(name)) return;
    const bool names_holders = order_ ? is_last_round() : options_.repeated_runs() == 0;
    watch_.emplace(names_holders ? Look::kHolders : Look::kCounts);
  }

  Verdict end_test(const std::string& name, Outcome outcome, milliseconds took) {
    if (!watch_) return {};
    if (outcome != Outcome::kPassed) {
      if (order_) failure_ = "it fails when it is run again";
      watch_.reset();
      return {};
    }
    Leaks leaks = watch_->look();
    watch_.reset();
    forget_stack(leaks.alive);
    if (order_) {
      left_by_test_ = std::move(leaks.alive);
      return {};
    }
    Verdict verdict;
    judge_cycles(name, leaks, verdict);
    judge_alive(name, without_allowed(name, std::move(leaks.alive)), took, verdict);
    return verdict;
  }

  void end_round() {
    if (!order_) return;
    gc::collect();
    CountByType of_test;
    for (const LeftAlive& row : left_by_test_) of_test[row.type] = row.objects;
    // What lives until the tear-down of the suite or its environment is no leak of the test.
    of_test = least(of_test, growth(counts_of_round_, count_by_type()));
    if (round_ == 2) each_time_ = of_test;
    if (round_ > 2) each_time_ = least(each_time_, of_test);
    if (is_last_round()) write_report();
  }

 private:
  bool is_last_round() const { return round_ == order_->rounds; }

  void write_report() {
    if (!failure_.empty()) {
      order_->write_failure(failure_);
      return;
    }
    std::vector<LeftAlive> leaks;
    for (LeftAlive& row : left_by_test_) {
      const auto found = each_time_.find(row.type);
      if (found == each_time_.end()) continue;
      row.bytes = row.bytes / row.objects * found->second;
      row.objects = found->second;
      leaks.push_back(std::move(row));
    }
    order_->write(leaks);
  }

  std::vector<LeftAlive> without_allowed(const std::string& name,
                                         std::vector<LeftAlive> alive) const {
    std::erase_if(alive, [&](const LeftAlive& row) {
      return row.objects <= options_.limit_of(row.type, name);
    });
    return alive;
  }

  void judge_cycles(const std::string& name, const Leaks& leaks, Verdict& verdict) const {
    if (options_.cycles() == Cycles::kIgnore || leaks.cycles.empty()) return;
    verdict.cycles = lines_of(leaks.cycles, "");
    std::string text = "makes cycles for the collector to find:\n" + lines_of(leaks.cycles, "  ");
    if (leaks.collected_meanwhile > 0) {
      text += "  and " + counted(leaks.collected_meanwhile, "object") +
              " that it found while the test ran\n";
    }
    if (options_.cycles() == Cycles::kFail) {
      verdict.failure = text;
    } else {
      text.pop_back();
      verdict.note = name + " " + text;
    }
  }

  void judge_alive(const std::string& name, std::vector<LeftAlive> alive, milliseconds took,
                   Verdict& verdict) {
    if (alive.empty() || acquitted_.contains(name)) return;
    const unsigned runs = options_.repeated_runs();
    if (runs > 0) {
      auto seen = run_copy(name, runs + 1, longest(runs + 1, took));
      if (!seen) {
        CountByType counts;
        for (const LeftAlive& row : alive) counts[row.type] = row.objects;
        if (!verdict.note.empty()) verdict.note += '\n';
        verdict.note += name + " left " + first_types(counts) +
                        " alive; nobody knows whether each run does: " + seen.error().message;
        return;
      }
      alive = without_allowed(name, *std::move(seen));
    }
    if (alive.empty()) {
      acquitted_.insert(name);
      return;
    }
    verdict.failure = words_for(alive, runs) + verdict.failure;
  }

  LeakOptions options_;
  std::optional<CopyOrder> order_;  ///< in a copy
  std::optional<LeakWatch> watch_;  ///< while a test runs
  std::set<std::string> acquitted_;
  unsigned round_ = 0;

  // In a copy.
  CountByType counts_of_round_;
  std::vector<LeftAlive> left_by_test_;
  CountByType each_time_;
  std::string failure_;
};

LeakReferee::LeakReferee(LeakOptions options)
    : state_(std::make_unique<State>(std::move(options))) {}
LeakReferee::~LeakReferee() = default;

void LeakReferee::begin_round() {
  state_->begin_round();
}
void LeakReferee::begin_test(const std::string& name) {
  state_->begin_test(name);
}
Verdict LeakReferee::end_test(const std::string& name, Outcome outcome, milliseconds took) {
  return state_->end_test(name, outcome, took);
}
void LeakReferee::end_round() {
  state_->end_round();
}

}  // namespace ouro::testing
