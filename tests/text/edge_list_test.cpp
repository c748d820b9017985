#include "text/edge_list.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "text/text_graph.hpp"

namespace ouro::test {
namespace {

std::string read_list(const std::string& text) {
  return outcome(edge_list(text));
}

TEST(EdgeList, ReadsAnEdgeALineAndKeepsTheOrderOfFirstMention) {
  EXPECT_EQ(read_list("main b\nmain a\nb c\nlost a\n"),
            "main\nb\na\nc\nlost\n"
            "main -> b\nmain -> a\nb -> c\nlost -> a\n");
}

TEST(EdgeList, TakesBlanksTabsAndCommasWithBlanksAroundThem) {
  for (const char* line : {"a b", "a\tb", "a,b", "a, b", "a ,b", " a  ,\t b ", "\ta\t\tb\t"}) {
    EXPECT_EQ(read_list(line), "a\nb\na -> b\n") << line;
  }
}

TEST(EdgeList, ReadsNumbersAsItReadsNames) {
  for (const char* line : {"1 20", "1\t20", "1,20", "1, 20\r", "1 20\n", " 1 20", "1 20 # x"}) {
    EXPECT_EQ(read_list(line), "1\n20\n1 -> 20\n") << line;
  }
}

TEST(EdgeList, KeepsNumbersOfAnyLengthAsTheyAreWritten) {
  for (const char* number :
       {"0", "9", "12345678", "123456789", "1234567890", "4294967294", "4294967295", "4294967296",
        "12345678901", "99999999999999999999", "00", "007", "-1", "+1", "1.5", "1e3", "0x10"}) {
    EXPECT_EQ(read_list(std::string(number) + " x\n"),
              std::string(number) + "\nx\n" + number + " -> x\n");
    EXPECT_EQ(read_list("7 " + std::string(number) + "\n"),
              "7\n" + std::string(number) + "\n7 -> " + number + "\n");
  }
}

TEST(EdgeList, DeclaresANodeByOneName) {
  EXPECT_EQ(read_list("b\n7\na b\n"), "b\n7\na\na -> b\n");
}

TEST(EdgeList, SkipsEmptyLinesAndComments) {
  EXPECT_EQ(read_list("# a b c d\n\n  \t\na b # c, d\n   # \"\n#\nb #\n"), "a\nb\na -> b\n");
}

TEST(EdgeList, TakesANumberSignInsideANameAsPartOfIt) {
  EXPECT_EQ(read_list("C# F#\n1#2 3\n"), "C#\nF#\n1#2\n3\nC# -> F#\n1#2 -> 3\n");
}

TEST(EdgeList, ReadsLinesWithCarriageReturns) {
  EXPECT_EQ(read_list("a b\r\n\r\n1 2\r\nc\r\n"), "a\nb\n1\n2\nc\na -> b\n1 -> 2\n");
}

TEST(EdgeList, ReadsTheLastLineWithoutItsEnd) {
  EXPECT_EQ(read_list("a b\nb c"), "a\nb\nc\na -> b\nb -> c\n");
  EXPECT_EQ(read_list("1 2\n2 3"), "1\n2\n3\n1 -> 2\n2 -> 3\n");
}

TEST(EdgeList, KeepsParallelEdgesAndLoops) {
  EXPECT_EQ(read_list("a a\na b\na b\n"), "a\nb\na -> a\na -> b\na -> b\n");
}

TEST(EdgeList, TakesQuotesAndBracketsAsPartOfNames) {
  EXPECT_EQ(read_list("\"a\" 'b'\n<c> {d}\n"), "\"a\"\n'b'\n<c>\n{d}\n\"a\" -> 'b'\n<c> -> {d}\n");
}

TEST(EdgeList, ReadsNamesInUtf8AndSkipsAByteOrderMark) {
  EXPECT_EQ(read_list("\xEF\xBB\xBFgröße 内存\n"), "größe\n内存\ngröße -> 内存\n");
  EXPECT_EQ(read_list("\xEF\xBB\xBF"
                      "1 2\n"),
            "1\n2\n1 -> 2\n");
}

TEST(EdgeList, ReadsNothingAsTheEmptyGraph) {
  EXPECT_EQ(read_list(""), "");
  EXPECT_EQ(read_list("\n"), "");
  EXPECT_EQ(read_list("# nothing"), "");
}

constexpr char kMoreNames[] =
    "; an edge is `A B`, names hold no blanks (quotes do not help), and further columns go by "
    "`awk '{print $1, $2}'`";
constexpr char kComma[] = "; an edge is `A,B`, a node alone is `A`";

TEST(EdgeList, RefusesALineOfMoreThanTwoNamesByItsNumber) {
  const std::string begin = "error: edges.txt: line 3: expected one or two names, found more: ";
  EXPECT_EQ(read_list("1 2\n# x\na b c\n"), begin + "\"a b c\"" + kMoreNames);
  EXPECT_EQ(read_list("1 2\n\n1 2 3\n"), begin + "\"1 2 3\"" + kMoreNames);
  EXPECT_EQ(read_list("1 2\r\n\r\n1,2,0.5\r\n"), begin + "\"1,2,0.5\"" + kMoreNames);
  EXPECT_EQ(read_list("1 2\n\n\"a b\" c"), begin + "\"\"a b\" c\"" + kMoreNames);
  EXPECT_EQ(read_list("1 2\n\na\tb\tc"), begin + "\"a\\tb\\tc\"" + kMoreNames);
}

TEST(EdgeList, ShortensALongLineBetweenCharacters) {
  const std::string begin =
      "error: edges.txt: line 1: expected one or two names, found more: \"a b ";
  EXPECT_EQ(read_list("a b " + std::string(56, 'c')),
            begin + std::string(56, 'c') + "\"" + kMoreNames);
  EXPECT_EQ(read_list("a b " + std::string(57, 'c')),
            begin + std::string(56, 'c') + "...\"" + kMoreNames);
  EXPECT_EQ(read_list("a b " + std::string(55, 'c') + "öö"),
            begin + std::string(55, 'c') + "...\"" + kMoreNames);
}

TEST(EdgeList, RefusesACommaWithoutANameOnASide) {
  for (const std::string line :
       {",", "a,", ",a", "a,,b", "a , , b", "a,b,", "a,b,,c", "a,#b", "1,"}) {
    EXPECT_EQ(read_list("x y\n" + line + "\n"),
              "error: edges.txt: line 2: expected a name on both sides of a comma: \"" + line +
                  "\"" + kComma);
  }
}

TEST(EdgeList, RefusesWhatIsNoText) {
  const std::string message =
      "expected text in UTF-8, found a zero byte; is this a graph in text form? (UTF-16 goes by "
      "`iconv -f utf-16 -t utf-8`)";
  EXPECT_EQ(read_list(std::string("a b\nx\0y z\n", 10)), "error: edges.txt: line 2: " + message);
  EXPECT_EQ(read_list(std::string("\xFF\xFE"
                                  "a\0 \0b\0\n\0",
                                  10)),
            "error: edges.txt: line 1: " + message);
}

TEST(EdgeList, RefusesALineWithoutAnEnd) {
  EXPECT_EQ(
      read_list("a b\n" + std::string(std::size_t{18} << 20, 'x')),
      "error: edges.txt: line 2: expected lines, found one longer than 16 MiB; is this a text "
      "file?");
}

TEST(EdgeList, ReadsTheSameWhereverABlockEnds) {
  const std::string text =
      "\xEF\xBB\xBF# a comment\r\n1 2\r\n123456789 1234567890\nC# größe\n\n a , b # c\n4294967295 "
      "x\nlast 10";
  const std::string expected = read_list(text);
  ASSERT_FALSE(expected.starts_with("error"));
  for (std::size_t first = 1; first <= text.size(); ++first) {
    EXPECT_EQ(outcome(edge_list(text, {.first_bytes = first})), expected) << first;
    EXPECT_EQ(outcome(edge_list(text, {.first_bytes = first, .other_bytes = first})), expected)
        << first;
  }
}

TEST(EdgeList, CountsLinesAcrossBlocks) {
  const std::string text = "1 2\n\n3 4\n# x\na b c\n1 2\n";
  const std::string expected = read_list(text);
  ASSERT_TRUE(expected.starts_with("error: edges.txt: line 5: ")) << expected;
  for (std::size_t size = 1; size <= text.size(); ++size) {
    EXPECT_EQ(outcome(edge_list(text, {size, size})), expected) << size;
  }
}

TEST(EdgeList, ReadsManyNumbersSmallAndLargeInAnyOrder) {
  // Numbers go from the sparse table to the direct one as that grows.
  std::string text;
  std::vector<std::string> names;
  for (std::uint32_t at = 0; at < 200'000; ++at) {
    const std::uint32_t number = at * 7919u % 400'009u + (at % 5 == 0 ? 4'000'000'000u : 0);
    names.push_back(std::to_string(number));
    text += names.back() + " 1\n";
  }
  const Result<PlainGraph> graph = edge_list(text);
  ASSERT_TRUE(graph);
  EXPECT_EQ(graph->edge_count(), names.size());
  for (const std::string& name : names) {
    const auto node = graph->find(name);
    ASSERT_TRUE(node) << name;
    EXPECT_EQ(graph->name(*node), name);
    EXPECT_FALSE(graph->targets_of(*node).empty());
  }
  EXPECT_FALSE(graph->find("3999999999"));
  EXPECT_FALSE(graph->find("x"));
}

TEST(EdgeList, ReadsManyNamesInAnyOrder) {
  // Tables and arena grow past the size from which they lie on huge pages.
  constexpr std::uint32_t kNames = 300'000;
  const auto name = [](std::uint32_t at) {
    return "a name that is rather long " + std::to_string(at);
  };
  std::string text;
  for (std::uint32_t at = 0; at < kNames; ++at) {
    std::string line = name(at * 7919u % kNames) + "," + name((at * 104'729u + 1) % kNames) + "\n";
    std::ranges::replace(line, ' ', '_');
    text += line;
  }
  const Result<PlainGraph> graph = edge_list(text);
  ASSERT_TRUE(graph);
  EXPECT_EQ(graph->node_count(), kNames);
  for (std::uint32_t at = 0; at < kNames; ++at) {
    std::string wanted = name(at);
    std::ranges::replace(wanted, ' ', '_');
    const auto node = graph->find(wanted);
    ASSERT_TRUE(node) << wanted;
    EXPECT_EQ(graph->name(*node), wanted);
    EXPECT_EQ(graph->targets_of(*node).size(), 1u);
  }
}

class Steps : public Progress {
 public:
  void begin(std::string_view what, std::uint64_t total) override {
    log += std::string(what) + " of " + std::to_string(total) + "\n";
  }
  void advance(std::uint64_t done) override { last = done; }

  std::string log;
  std::uint64_t last = 0;
};

TEST(EdgeList, TellsHowFarItIs) {
  Result<Input> input = Input::of_bytes("edges.txt", "a b\nb c\n");
  ASSERT_TRUE(input);
  Steps steps;
  ASSERT_TRUE(text::read_edge_list(*input, &steps));
  EXPECT_EQ(steps.log, "reading of 8\nsorting edges of 2\n");
  EXPECT_EQ(steps.last, 2u);
}

}  // namespace
}  // namespace ouro::test
