// What every C++ peer measures with: the thread's CPU clock, a fence against the optimizer,
// parameters, one line of JSON.
//
// Times are CPU times of the one thread that works: a busy neighbour on the machine lengthens a
// frame by what it takes from caches and memory, never by the time the thread did not run.
#pragma once

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

inline double thread_cpu_ns() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

// Makes the compiler believe that `value` is read and changed here, so that it must exist and must
// be done with.
template <class T>
inline void escape(T& value) {
  asm volatile("" : : "g"(&value) : "memory");
}

// A result that does not add up is worth less than no result: the driver shows a failed peer as
// failed.
inline void require(bool condition, const char* sentence) {
  if (condition) return;
  std::fprintf(stderr, "bench: %s\n", sentence);
  std::_Exit(1);
}

// `name=value` words of the command line.
class Parameters {
 public:
  Parameters(int count, char** words) : words_(words, words + count) {}

  std::string_view text(std::string_view name, std::string_view otherwise) const {
    for (std::string_view word : words_) {
      if (word.size() > name.size() && word.starts_with(name) && word[name.size()] == '=') {
        return word.substr(name.size() + 1);
      }
    }
    return otherwise;
  }

  std::size_t number(std::string_view name, std::size_t otherwise) const {
    const std::string value(text(name, ""));
    return value.empty() ? otherwise : std::strtoull(value.c_str(), nullptr, 10);
  }

 private:
  std::vector<std::string_view> words_;
};

// Prints {"metric": ..., "unit": ..., "values": [...]}: the driver takes medians over values and
// over runs.
inline void report(const char* metric, const char* unit, const std::vector<double>& values) {
  std::printf("{\"metric\": \"%s\", \"unit\": \"%s\", \"values\": [", metric, unit);
  const char* separator = "";
  for (const double value : values) {
    std::printf("%s%.3f", separator, value);
    separator = ", ";
  }
  std::printf("]}\n");
}

// Runs `work` `repeats` times; each value is its time divided by `operations`.
template <class Work>
std::vector<double> time_each(std::size_t repeats, std::size_t operations, Work work) {
  std::vector<double> values;
  for (std::size_t i = 0; i < repeats; ++i) {
    const double begin = thread_cpu_ns();
    work();
    values.push_back((thread_cpu_ns() - begin) / static_cast<double>(operations));
  }
  return values;
}

}  // namespace bench
