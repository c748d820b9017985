#include "watch/watch.hpp"

#include <ctime>

#include <algorithm>
#include <utility>

#include "python/attach/preflight.hpp"

namespace ouro::watch {

namespace {

namespace attach = python::attach;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr auto kBetweenSamples = milliseconds(1000);
/// Of the budget, for reading what the kernel says of its memory: some milliseconds a gigabyte.
constexpr double kSamplesShare = 0.25;
/// A microsecond each: what part of the time is spent collecting is known by their number.
constexpr auto kBetweenCollectorLooks = milliseconds(10);

nanoseconds time_of(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return std::chrono::seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}
/// CPU time of this thread.
nanoseconds thread_cpu() {
  return time_of(CLOCK_THREAD_CPUTIME_ID);
}

double seconds_of(Clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

Watch::Watch(attach::Target target, const WatchOptions& options,
             const attach::Interruption& interruption)
    : target_(std::move(target)),
      identity_(identity_of(target_.process)),
      options_(options),
      interruption_(interruption),
      memory_pace_(kBetweenSamples, options.budget * kSamplesShare),
      look_pace_(options.interval, options.budget * (1 - kSamplesShare)),
      own_cpu_at_begin_(time_of(CLOCK_PROCESS_CPUTIME_ID)) {
  watch_collector();
}

void Watch::watch_collector() {
  collector_.reset();
  if (auto reader = attach::CollectorReader::open(target_)) {
    collector_ =
        std::make_unique<attach::CollectorSampling>(*std::move(reader), kBetweenCollectorLooks);
  }
}

std::optional<report::CollectorSummary> Watch::collector() const {
  if (collector_ == nullptr) return std::nullopt;
  report::CollectorSummary summary = collector_->summary();
  if (summary.looks == 0) return std::nullopt;
  return summary;
}

double Watch::seconds() const {
  return seconds_of(Clock::now() - begin_);
}

double Watch::cost_share() const {
  const nanoseconds own = time_of(CLOCK_PROCESS_CPUTIME_ID) - own_cpu_at_begin_;
  const double cost =
      seconds_of(std::chrono::duration_cast<Clock::duration>(cost_of_target_ + own));
  // The time that pays for the last look is still to come.
  const auto end = std::max({Clock::now(), look_pace_.next(), memory_pace_.next()});
  return cost / std::max(seconds_of(end - begin_), 1e-9);
}

Watch::News Watch::advance() {
  News news;
  if (!worker_.is_busy() && result_.totals) take_result(news);
  // While a clone is there all pages are shared with it, and uss is next to nothing.
  if (goes_on() && !worker_.is_busy() && memory_pace_.is_due(Clock::now())) read_memory(news);
  if (goes_on() && !worker_.is_busy() && !is_paused_ && look_pace_.is_due(Clock::now())) {
    find_target_again(news);
    if (goes_on()) begin_look();
  }
  return news;
}

Clock::time_point Watch::next_event() const {
  if (is_paused_) return memory_pace_.next();
  return std::min(memory_pace_.next(), look_pace_.next());
}

void Watch::read_memory(News& news) {
  const auto begin = Clock::now();
  const nanoseconds cpu = thread_cpu();
  const pid_t process = target_.process.pid();
  auto memory = memory_info(process);
  memory_pace_.took(begin, thread_cpu() - cpu);
  if (!memory) {
    ended_ = memory.error().code == ErrorCode::kNotFound
                 ? "process " + std::to_string(process) + " has ended"
                 : memory.error().message;
    return;
  }
  sample_ = {.seconds = seconds_of(begin - begin_),
             .time = std::chrono::system_clock::now(),
             .memory = *memory};
  rss_.add({sample_.seconds, static_cast<double>(memory->rss)});
  pss_.add({sample_.seconds, static_cast<double>(memory->pss)});
  uss_.add({sample_.seconds, static_cast<double>(memory->uss)});
  private_.add({sample_.seconds, static_cast<double>(sample_.private_bytes())});
  news.has_sample = true;
}

/// A number may be another process's by now, and a process another program.
void Watch::find_target_again(News& news) {
  const Identity now = identity_of(target_.process);
  if (now == identity_) return;
  const std::string name = "process " + std::to_string(target_.process.pid());
  if (!now.is_there() || now.began != identity_.began) {
    ended_ = name + " has ended";
    return;
  }
  auto again =
      attach::check(target_.process.pid(), {.walks_in_place = options_.attach.walks_in_place});
  if (const auto* obstacle = again.obstacle()) {
    ended_ = name + " has replaced itself by another program (exec): " + obstacle->what;
    return;
  }
  target_ = *std::move(again.target);
  identity_ = now;
  watch_collector();
  forget();
  types_ = {};
  look_.reset();
  news.is_other_program = true;
}

void Watch::begin_look() {
  is_doing_ = false;
  result_ = {};
  worker_.start([this] {
    const nanoseconds cpu = thread_cpu();
    result_.begin = Clock::now();
    const std::uint64_t faults = page_faults_of(target_.process);
    result_.totals = attach::take_totals(target_, options_.attach, interruption_);
    result_.page_faults = std::max(page_faults_of(target_.process), faults) - faults;
    result_.own_cpu = thread_cpu() - cpu;
  });
}

void Watch::take_result(News& news) {
  worker_.wait();
  const Result result = std::exchange(result_, {});
  if (!*result.totals) {
    const Error& error = result.totals->error();
    look_pace_.took(result.begin, result.own_cpu);
    problem_ = error.to_string();
    if (error.code == ErrorCode::kNotFound) ended_ = problem_;
    return;
  }
  problem_.clear();
  // Memory at the time of the look, so that both can be compared.
  read_memory(news);
  if (!goes_on()) return;
  look_ = Look{.sample = sample_,
               .heap = **result.totals,
               .own_cpu = result.own_cpu,
               .page_faults = result.page_faults};
  ++look_count_;
  stood_still_ += look_->heap.stood_still;
  cost_of_target_ += look_->cost_of_target();
  look_pace_.took(result.begin, look_->cost());
  types_.add(sample_.seconds, look_->heap.types);
  object_bytes_.add({sample_.seconds, static_cast<double>(look_->heap.bytes)});
  judge();
  news.has_look = true;
}

void Watch::judge() {
  verdict_ = verdict_of(private_, object_bytes_, types_);
  const auto summary = collector();
  if (!summary) return;
  verdict_.is_collector_off = !summary->is_enabled;
  if (summary->is_incremental) return;  // It has no full collections.
  const auto count = static_cast<double>(summary->generations[2].collections);
  full_collections_.add({sample_.seconds, count});
  const double begin = sample_.seconds - verdict_.seconds;
  const auto& points = full_collections_.points();
  const auto then = std::ranges::find_if(
      points, [begin](const Point& point) { return point.seconds >= begin - 0.5; });
  verdict_.full_collections = static_cast<std::int64_t>(count - then->value);
}

void Watch::forget() {
  for (Series* series : {&rss_, &pss_, &uss_, &private_, &object_bytes_, &full_collections_}) {
    series->clear();
  }
  verdict_ = {};
}

void Watch::restart() {
  forget();
  types_.restart();
}

void Watch::do_with_target(std::function<void(const attach::Target&)> job) {
  worker_.wait();
  result_ = {};
  is_doing_ = true;
  worker_.start([this, job = std::move(job)] { job(target_); });
}

}  // namespace ouro::watch
