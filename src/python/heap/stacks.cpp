#include "python/heap/stacks.hpp"

#include <unordered_map>

#include "python/heap/previews.hpp"

namespace ouro::python::heap {

Stacks::Stacks(const CollectedHeap& collected, const AssembledHeap& heap) {
  std::unordered_map<graph::NodeIndex, CodeTexts> text_by_code(collected.codes.begin(),
                                                               collected.codes.end());
  const graph::Strings strings = heap.strings.view();
  for (const stream::Frame& frame : collected.frames) {
    Place& place = place_by_frame_[{frame.thread, frame.depth}];
    place.line = frame.line;
    const auto code = text_by_code.find(frame.code);
    if (code == text_by_code.end()) continue;
    place.function = strings[code->second.name];
    place.file = strings[code->second.file];
  }
}

std::string Stacks::frame(std::uint32_t thread, std::uint32_t depth) const {
  const auto found = place_by_frame_.find({thread, depth});
  if (found == place_by_frame_.end() || found->second.function.empty()) return "frame";
  const Place& place = found->second;
  return "frame " + place.function + ' ' + place_in_source(place.file, place.line);
}

void Stacks::add_facts(const CollectedHeap& collected, const std::vector<std::string>& thread_names,
                       AssembledHeap& heap) const {
  std::vector<std::string> stacks(collected.threads.size());
  for (const auto& [frame, place] : place_by_frame_) {
    std::string& stack = stacks[frame.first];
    if (!stack.empty()) stack += '\n';
    stack += (place.function.empty() ? "?" : place.function) + ' ' + place.file + ':' +
             std::to_string(place.line);
  }
  for (std::size_t at = 0; at < stacks.size(); ++at) {
    const stream::Thread& thread = collected.threads[at];
    const std::string number = std::to_string(at + 1);
    const std::string& name = thread_names[at];
    const std::size_t bracket = name.find('(');
    std::string text;
    if (bracket != std::string::npos) {
      text = name.substr(bracket + 1, name.size() - bracket - 2) + ", ";
    }
    text += "ident " + std::to_string(thread.ident);
    if (thread.native_id != 0) text += ", native " + std::to_string(thread.native_id);
    text += ", interpreter " + std::to_string(thread.interpreter);
    heap.add_fact("thread " + number, thread.is_greenlet() ? "greenlet" : text);
    heap.add_fact("stack " + number, stacks[at]);
  }
}

}  // namespace ouro::python::heap
