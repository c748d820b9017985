#include "report/leaks.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/utf8.hpp"
#include "report/accumulated_words.hpp"
#include "report/cycles.hpp"
#include "report/table.hpp"
#include "report/units.hpp"

namespace ouro::report {

namespace {

using analysis::LeakSuspect;
using analysis::SuspectReason;

constexpr std::size_t kMostShapes = 3;

std::string percent_of_heap(const LeakSuspect& suspect) {
  constexpr double kWhole = 1e6;
  const auto part = static_cast<std::uint64_t>(suspect.share * kWhole);
  return percentage(part, static_cast<std::uint64_t>(kWhole)) + " of the heap";
}

std::string reason_name(SuspectReason reason) {
  switch (reason) {
    case SuspectReason::kManyOfOneType:
      return "many_of_one_type";
    case SuspectReason::kLongChain:
      return "long_chain";
    case SuspectReason::kLargeObject:
      return "large_object";
    case SuspectReason::kAbovePeers:
      return "above_peers";
    case SuspectReason::kUnreachable:
      return "unreachable";
    case SuspectReason::kHeldFromC:
      return "held_from_c";
    case SuspectReason::kThreadsAlike:
      return "threads_alike";
    case SuspectReason::kGarbage:
      return "garbage";
    default:
      return "large_share";
  }
}

std::string suspects_text(const LeakReport& report, const ObjectNames& names, std::size_t width) {
  if (report.suspects.empty()) {
    if (!report.piles.empty()) return "";
    return wrapped(
        "Nothing in this heap looks like a leak: no object holds far more than others, "
        "and nothing piles up.",
        width);
  }
  std::string text = report.suspects.size() == 1 ? "One place may leak:\n"
                                                 : with_separators(report.suspects.size()) +
                                                       " places may leak, the likeliest first:\n";
  for (std::size_t at = 0; at < report.suspects.size(); ++at) {
    const SuspectView& view = report.suspects[at];
    const std::string number = std::to_string(at + 1) + ". ";
    std::string sentence = wrapped(view.sentence, width, "   ");
    sentence.replace(0, number.size(), number);
    text += '\n' + sentence;
    if (view.path) text += '\n' + to_text(*view.path, names, width, "   ");
  }
  return text;
}

std::string piles_text(const LeakReport& report, std::size_t width) {
  if (report.piles.empty()) return "";
  std::string text = report.suspects.empty() ? "" : "\n";
  text += "Where objects pile up:\n\n";
  Table table({{"objects"},
               {"type", Align::kLeft, Shrink::kWhenNeeded},
               {"retained"},
               {"held by", Align::kLeft, Shrink::kWhenNeeded}});
  for (const PileView& view : report.piles) {
    table.add({with_separators(view.pile.amount.count), view.type,
               format_bytes(view.pile.amount.bytes), view.place});
  }
  text += table.to_text(width);
  if (report.pile_count > report.piles.size()) {
    text += "... and " + with_separators(report.pile_count - report.piles.size()) +
            " more; -n 0 shows all\n";
  }
  return text;
}

std::string cycles_summary(const LeakReport& report, std::size_t width) {
  const std::vector<analysis::CycleShape>& shapes = report.cycles.cycles.shapes;
  if (shapes.empty()) return "";
  // Those of the library alone are nobody's to cut, where there are others.
  const auto& origins = report.cycles.origins;
  const auto of_library =
      std::ranges::find(origins, analysis::TypeOrigin::kLibrary) - origins.begin();
  const auto own = static_cast<std::size_t>(of_library);
  const std::size_t shown = std::min(kMostShapes, own);
  std::string text;
  if (shown > 0) {
    text = '\n' +
           wrapped("Reference cycles, and the reference to make weak (`ouro cycles` says more):",
                   width) +
           '\n';
    for (std::size_t at = 0; at < shown; ++at) {
      const analysis::CycleShape& shape = shapes[at];
      text += shortened(to_string(shape.steps), width) + '\n' +
              wrapped(counted(shape.all.components, "group") + ", " +
                          counted(shape.all.objects, "object") + ", " +
                          format_bytes(shape.all.size_bytes) + "; make weak: " + cut_words(shape),
                      width, "    ");
    }
  }
  if (own > shown) text += "... and " + counted(own - shown, "shape") + " more\n";
  if (own == shapes.size()) return text;
  return text + '\n' +
         wrapped(counted(shapes.size() - own, "shape") + " of cycles " +
                     of_number(shapes.size() - own, "is", "are") +
                     " of Python's own classes alone (`ouro cycles`).",
                 width);
}

bool is_cpython(const graph::HeapGraph& graph) {
  return graph.fact("runtime").starts_with("cpython");
}

/// Of a sentence that begins with "the list"; names of objects stay.
std::string with_capital(std::string text) {
  if (text.starts_with("the ")) text.front() = 'T';
  return text;
}

std::string held_sentence(const HeldWithoutName& held, const graph::HeapGraph& graph) {
  const bool is_python = is_cpython(graph);
  std::string text =
      counted(held.objects, "object") + (is_python ? " of the program's own classes " : " ") +
      of_number(held.objects, "is", "are") +
      (is_python ? " held from C code" : " held by variables that have no name here");
  if (held.objects > 1) {
    text += held.of_most_type == held.objects ? ", all of type " + held.most_type
                                              : ", most of type " + held.most_type;
  }
  text += '.';
  if (graph.fact("runtime") == "ouro") text += " ouro::NamedRoot gives a variable a name.";
  return text;
}

}  // namespace

std::string sentence_of(const LeakSuspect& suspect, const graph::HeapGraph& graph,
                        const Places& places) {
  const std::string share = format_bytes(suspect.retained_bytes) + ", " + percent_of_heap(suspect);
  const std::string type = graph.type_name(suspect.type);
  const std::string objects = counted_objects(graph, suspect.accumulated.count, suspect.type);
  if (suspect.reason == SuspectReason::kUnreachable) {
    return counted(suspect.accumulated.count, "object") + ", " +
           format_bytes(suspect.retained_bytes) +
           ", are counted although no root leads to them, most of type " + type +
           ": cyclic garbage, or held from where the snapshot does not look.";
  }
  const std::string node = with_capital(places.described(suspect.node));
  const std::string alone = suspect.is_only_holder ? "alone holds " : "holds, with others, ";
  switch (suspect.reason) {
    case SuspectReason::kManyOfOneType:
      return node + ' ' + alone + objects + ": " + share + '.';
    case SuspectReason::kLongChain:
      return objects + " hold each other, one after the other, from " +
             places.described(suspect.node) + " on: " + share + '.';
    case SuspectReason::kLargeObject:
      return node + " is itself large: " + share + '.';
    case SuspectReason::kAbovePeers: {
      const graph::NodeIndex above = suspect.node_with_peers;
      return with_capital(places.described(above)) + " holds " + share + "; of the " +
             with_separators(suspect.peer_count) + " others of its type, half hold less than " +
             format_bytes(suspect.median_peer_bytes) + '.';
    }
    default:
      return node + " holds " + share + ", of many types.";
  }
}

HeldWithoutName held_without_name(const graph::HeapGraph& graph) {
  const bool is_python = is_cpython(graph);
  const analysis::TypeOrigins origins(graph);
  std::vector<graph::NodeIndex> nodes;
  for (const graph::Root& root : graph.roots()) {
    if (root.kind != graph::RootKind::kOutside) continue;
    if (is_python && (graph.flags(root.node).is_type() ||
                      origins.of(graph.type(root.node)) == analysis::TypeOrigin::kLibrary)) {
      continue;
    }
    nodes.push_back(root.node);
  }
  std::ranges::sort(nodes);
  const auto repeated = std::ranges::unique(nodes);
  nodes.erase(repeated.begin(), repeated.end());
  HeldWithoutName held{.objects = nodes.size(), .most_type = {}, .of_most_type = 0};
  std::unordered_map<graph::TypeIndex, std::uint64_t> count_by_type;
  for (const graph::NodeIndex node : nodes) {
    const std::uint64_t count = ++count_by_type[graph.type(node)];
    if (count <= held.of_most_type) continue;
    held.of_most_type = count;
    held.most_type = graph.type_name(graph.type(node));
  }
  return held;
}

namespace {

/// Of a process whose memory is known: how much of it the report is about.
std::string memory_sentence(const LeakReport& report, const graph::HeapGraph& graph) {
  const std::string_view fact = graph.fact("memory");
  std::uint64_t process_bytes = 0;
  std::from_chars(fact.data(), fact.data() + fact.size(), process_bytes);
  const std::uint64_t objects = report.top.whole.bytes;
  if (process_bytes <= objects) return "";
  std::string text = "The process takes ";
  text += format_bytes(process_bytes) + ", its Python objects " + format_bytes(objects) + '.';
  constexpr std::uint64_t kFewTimes = 3;
  constexpr std::uint64_t kMuch = 50u << 20;
  if (process_bytes > kFewTimes * objects && process_bytes - objects > kMuch) {
    text += " The rest is memory of C libraries, and what the allocators keep for later.";
  }
  return text;
}

/// What most asyncio tasks wait for, where there are many.
std::string tasks_sentence(const graph::HeapGraph& graph) {
  constexpr std::uint64_t kMany = 20;
  const std::string_view fact = graph.fact("tasks");
  std::uint64_t count = 0;
  std::from_chars(fact.data(), fact.data() + fact.size(), count);
  if (count < kMany) return "";
  std::string text = "There are ";
  return text.append(with_separators(count))
      .append(" asyncio tasks: ")
      .append(printable(graph.fact("tasks 1")))
      .append(".");
}

}  // namespace

std::string to_text(const LeakReport& report, const graph::HeapGraph& graph,
                    const ObjectNames& names, std::size_t width) {
  std::string text;
  for (const char* key : {"program", "runtime", "time"}) {
    const std::string_view fact = graph.fact(key);
    if (fact.empty()) continue;
    if (!text.empty()) text += ", ";
    text += printable(fact);
  }
  if (!text.empty()) text = wrapped(text, width);
  if (const std::string memory = memory_sentence(report, graph); !memory.empty()) {
    text += wrapped(memory, width);
  }
  if (!text.empty()) text += '\n';
  text += suspects_text(report, names, width) + piles_text(report, width) +
          cycles_summary(report, width);
  if (const std::string tasks = tasks_sentence(graph); !tasks.empty()) {
    text += '\n' + wrapped(tasks, width);
  }
  const HeldWithoutName& held = report.held_without_name;
  // Of a Python program a few are no news, and many are a suspect.
  constexpr std::uint64_t kFewest = 10;
  const bool is_said = std::ranges::any_of(report.suspects, [](const SuspectView& view) {
    return view.suspect.reason == SuspectReason::kHeldFromC;
  });
  if (held.objects > 0 && (!is_cpython(graph) || (held.objects >= kFewest && !is_said))) {
    text += '\n' + wrapped(held_sentence(held, graph), width);
  }
  if (report.garbage.garbage.count > 0 || report.unexplained_objects > 0) text += '\n';
  if (report.garbage.garbage.count > 0) {
    text += wrapped(
        "A collection now would free " +
            counted(report.garbage.garbage.count + report.garbage.held_by_garbage.count, "object") +
            ", " +
            format_bytes(report.garbage.garbage.bytes + report.garbage.held_by_garbage.bytes) +
            " (`ouro garbage`).",
        width);
  }
  if (report.unexplained_objects > 0) {
    text += wrapped(counted(report.unexplained_objects, "object") + ' ' +
                        of_number(report.unexplained_objects, "has a count", "have counts") +
                        " that nothing explains (`ouro garbage --counts`).",
                    width);
  }
  return text + '\n' + to_text(report.top, width, "`ouro top -n 0` shows all");
}

Json to_json(const LeakReport& report, const graph::HeapGraph& graph, const ObjectNames& names) {
  Json json{{"suspects", Json::array()}};
  for (const SuspectView& view : report.suspects) {
    const LeakSuspect& suspect = view.suspect;
    json["suspects"].push_back(
        {{"reason", reason_name(suspect.reason)},
         {"sentence", view.sentence},
         {"object", suspect.node == graph::kNoNode ? Json() : names.json(suspect.node)},
         {"retained_bytes", suspect.retained_bytes},
         {"share", suspect.share},
         {"type", view.accumulated_type},
         {"accumulated",
          {{"objects", suspect.accumulated.count}, {"bytes", suspect.accumulated.bytes}}},
         {"score", suspect.score},
         {"path", view.path ? to_json(*view.path, names) : Json()}});
  }
  json["piles"] = Json::array();
  for (const PileView& view : report.piles) {
    json["piles"].push_back({{"object", names.json(view.pile.holder)},
                             {"place", view.place},
                             {"holders", view.holder_count},
                             {"type", view.type},
                             {"objects", view.pile.amount.count},
                             {"retained_bytes", view.pile.amount.bytes}});
  }
  json["cycles"] = cycles_json(report.cycles.cycles, graph, names, kMostShapes);
  json["garbage"] = to_json(report.garbage, names, kMostShapes);
  json["held_without_name"] = {{"objects", report.held_without_name.objects},
                               {"most_type", report.held_without_name.most_type},
                               {"of_most_type", report.held_without_name.of_most_type}};
  json["unexplained_objects"] = report.unexplained_objects;
  json["top"] = to_json(report.top);
  return json;
}

}  // namespace ouro::report
