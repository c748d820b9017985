#include "python/heap/asyncio_tasks.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/sort_stably.hpp"
#include "python/heap/previews.hpp"
#include "python/heap/python_objects.hpp"

namespace ouro::python::heap {

namespace {

using graph::EdgeIndex;
using graph::EdgeMeaning;
using graph::NodeIndex;

/// Longer chains are recursion, or no chains.
constexpr std::size_t kMostAwaited = 200;

struct Task {
  NodeIndex node;
  std::string name;
  std::vector<const FrameTexts*> chain;  ///< the outermost first
  std::string end;                       ///< what the innermost waits for, if it has a name
  bool is_end_task = false;
};

class TaskReader {
 public:
  TaskReader(const CollectedHeap& collected, const graph::HeapGraph& graph)
      : collected_(collected), graph_(graph), objects_(graph) {}

  std::vector<Task> tasks() {
    std::vector<bool> is_task_type;
    for (const graph::TypeRow& row : graph_.types()) {
      is_task_type.push_back(is_task_class(row.node));
    }
    std::vector<Task> tasks;
    if (std::ranges::find(is_task_type, true) == is_task_type.end()) return tasks;
    for (NodeIndex node = 0; node < graph_.node_count(); ++node) {
      const graph::TypeIndex type = graph_.type(node);
      if (type < is_task_type.size() && is_task_type[type]) tasks.push_back(task_at(node));
    }
    return tasks;
  }

 private:
  /// Task in C or in Python, or a subclass.
  bool is_task_class(NodeIndex type) const {
    constexpr int kMostBases = 100;
    for (int i = 0; i < kMostBases && type != graph::kNoNode; ++i) {
      const std::string_view name = graph_.preview(type);
      if (name == "_asyncio.Task" || name == "asyncio.tasks.Task" ||
          name == "asyncio.tasks._PyTask") {
        return true;
      }
      type = find_edge(type, "__base__").value_or(graph::kNoNode);
    }
    return false;
  }

  NodeIndex class_of(NodeIndex object) const {
    const graph::TypeIndex type = graph_.type(object);
    return type < graph_.type_count() ? graph_.types()[type].node : graph::kNoNode;
  }

  /// An attribute that stands in the object itself.
  std::optional<NodeIndex> find_edge(NodeIndex object, std::string_view name) const {
    for (EdgeIndex edge = graph_.edges_begin(object); edge < graph_.edges_end(object); ++edge) {
      if (graph_.kind(edge).meaning() == EdgeMeaning::kAttribute &&
          graph_.string(graph_.edge_name(edge)) == name) {
        return graph_.target(edge);
      }
    }
    return std::nullopt;
  }

  Task task_at(NodeIndex node) const {
    Task task{node, name_of(node), {}, {}};
    std::optional<NodeIndex> at = objects_.find_attribute(node, "_coro");
    std::optional<NodeIndex> last;
    while (at && task.chain.size() < kMostAwaited) {
      last = at;
      if (const FrameTexts* frame = find_frame(*at)) {
        task.chain.push_back(frame);
        at = awaited_by(*at);
      } else {
        at = behind(*at);
      }
    }
    if (last && find_frame(*last) == nullptr) {
      task.end = name_of_awaited(*last);
      task.is_end_task = is_task_class(class_of(*last));
    }
    return task;
  }

  /// A name that nobody asked for yet is but a number.
  std::string name_of(NodeIndex task) const {
    const auto name = objects_.find_attribute(task, "_name");
    if (!name) return "Task";
    if (const auto text = objects_.find_text(*name)) return *text;
    if (objects_.type_name(*name) == "int") return "Task-" + std::string(graph_.preview(*name));
    return "Task";
  }

  const FrameTexts* find_frame(NodeIndex object) const {
    const auto found = std::ranges::lower_bound(collected_.frame_texts, object, {},
                                                &std::pair<NodeIndex, FrameTexts>::first);
    if (found == collected_.frame_texts.end() || found->first != object) return nullptr;
    return &found->second;
  }

  std::optional<NodeIndex> awaited_by(NodeIndex coroutine) const {
    for (const std::string_view name : {"awaits", "yields from"}) {
      if (const auto awaited = find_edge(coroutine, name)) return awaited;
    }
    for (const std::string_view name : {"cr_frame", "gi_frame", "ag_frame"}) {
      if (const auto frame = find_edge(coroutine, name)) return awaited_by(*frame);
    }
    return std::nullopt;
  }

  /// What is between a coroutine and what it awaits.
  std::optional<NodeIndex> behind(NodeIndex awaited) const {
    for (const std::string_view name : {"future", "coroutine", "async generator", "wrapped"}) {
      if (const auto found = find_edge(awaited, name)) return found;
    }
    return std::nullopt;
  }

  std::string name_of_awaited(NodeIndex object) const {
    if (is_task_class(class_of(object))) return name_of(object);
    const std::string_view type = objects_.type_name(object);
    // A bare future is what everything waits for in the end; who is to set it nobody knows.
    if (type == "Future" || type == "FutureIter") return "";
    if (const auto children = objects_.find_attribute(object, "_children")) {
      const auto count = graph_.edges_end(*children) - graph_.edges_begin(*children);
      return "gather of " + std::to_string(count);
    }
    return std::string(type);
  }

  const CollectedHeap& collected_;
  const graph::HeapGraph& graph_;
  const PythonObjects objects_;
};

std::string words_of(const FrameTexts& frame, const graph::Strings& strings) {
  return std::string(strings[frame.code.name]) + ' ' +
         place_in_source(strings[frame.code.file], frame.line);
}

/// "handle server.py:41, awaits ..., awaits read streams.py:12"
std::string chain_in_words(const Task& task, const graph::Strings& strings) {
  constexpr std::size_t kMostShown = 4;
  std::string text;
  for (std::size_t at = 0; at < task.chain.size(); ++at) {
    if (at > 0) text += ", awaits ";
    if (task.chain.size() > kMostShown && at == kMostShown / 2) {
      text += "...";
      at = task.chain.size() - kMostShown / 2 - 1;
      continue;
    }
    text += words_of(*task.chain[at], strings);
  }
  if (task.chain.empty()) return text;
  switch (task.chain.front()->state) {
    case stream::FrameState::kCreated:
      return text + ", not begun";
    case stream::FrameState::kRunning:
      return text + ", running";
    case stream::FrameState::kFinished:
      return text + ", finished";
    default:
      return task.end.empty() ? text : text + ", awaits " + task.end;
  }
}

std::string stack_of(const Task& task, const graph::Strings& strings) {
  std::string stack;
  for (std::size_t at = task.chain.size(); at-- > 0;) {
    const FrameTexts& frame = *task.chain[at];
    if (!stack.empty()) stack += '\n';
    stack += std::string(strings[frame.code.name]) + ' ' + std::string(strings[frame.code.file]) +
             ':' + std::to_string(frame.line);
  }
  return stack;
}

struct TaskGroup {
  const Task* first;
  std::uint64_t count = 0;
};

void add_facts(const std::vector<Task>& tasks, const std::vector<std::string>& words,
               AssembledHeap& heap) {
  using PlaceOfTask = std::pair<std::string, std::string>;
  std::map<PlaceOfTask, TaskGroup> group_by_place;
  for (const Task& task : tasks) {
    // Those that wait for tasks of their own are alike.
    PlaceOfTask place{stack_of(task, heap.strings.view()), task.is_end_task ? "task" : task.end};
    ++group_by_place.try_emplace(std::move(place), TaskGroup{&task}).first->second.count;
  }
  std::vector<std::pair<PlaceOfTask, TaskGroup>> groups(group_by_place.begin(),
                                                        group_by_place.end());
  sort_stably(groups, std::ranges::greater(), [](const auto& group) { return group.second.count; });
  if (groups.size() > kMostTaskGroups) groups.resize(kMostTaskGroups);
  heap.add_fact("tasks", std::to_string(tasks.size()));
  for (std::size_t at = 0; at < groups.size(); ++at) {
    const auto& [place, group] = groups[at];
    const std::string number = std::to_string(at + 1);
    const std::string& text = words[static_cast<std::size_t>(group.first - tasks.data())];
    heap.add_fact("tasks " + number,
                  group.count == 1 ? text : std::to_string(group.count) + " like " + text);
    heap.add_fact("stack of tasks " + number, place.first);
  }
}

void add_previews(const std::vector<Task>& tasks, const std::vector<std::string>& words,
                  AssembledHeap& heap) {
  std::vector<NodeText> texts;
  for (std::size_t at = 0; at < tasks.size(); ++at) {
    texts.push_back({tasks[at].node, heap.strings.add(words[at])});
  }
  // A walker that gave a task a text is believed.
  heap.add_previews(std::move(texts));
}

}  // namespace

void describe_asyncio_tasks(CollectedHeap& collected, AssembledHeap& heap) {
  sort_stably(collected.frame_texts, {}, &std::pair<NodeIndex, FrameTexts>::first);
  std::vector<Task> tasks;
  std::vector<std::string> words;
  {
    const graph::HeapGraph graph = heap.view();
    tasks = TaskReader(collected, graph).tasks();
    const graph::Strings strings = heap.strings.view();
    for (const Task& task : tasks) {
      const std::string chain = chain_in_words(task, strings);
      words.push_back(chain.empty() ? task.name : task.name + ": " + chain);
    }
  }
  if (tasks.empty()) return;
  add_facts(tasks, words, heap);
  add_previews(tasks, words, heap);
}

}  // namespace ouro::python::heap
