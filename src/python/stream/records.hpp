// What the walker in the target says, and the reader outside of it hears: a stream of records
// through a pipe, in the order the heap is walked, so that the walker keeps nothing it has said.
//
//   record   [ kind u32 | bytes u32 ][ payload of so many bytes ][ zeros up to a multiple of 8 ]
//
//   Hello  (Type | Name | Texts | Wide | Nodes | Edges)*  (Thread | Frame | Root | Type | ...)* End
//
// or, of a walk that says totals alone (walker/type_totals.hpp):
//
//   Hello  (Type | Name)*  Totals*  End
//
// Both ends are of one build, so the version is compared, not negotiated; but the other end is a
// process we do not trust, so the reader bounds every number. Objects are numbered from 0 in the
// order of their discovery; Nodes records come in that order, and numbers may be used in any record
// before their node has come. Nothing but End says that a stream is whole: not the end of the pipe,
// whose other ends a fork of the target may keep open.
//
// Little-endian, no padding inside of the structures. Freestanding: included by the walker.
#pragma once

#include <cstdint>

namespace ouro::python::stream {

inline constexpr char kMagic[8] = {'O', 'U', 'R', 'O', 'W', 'A', 'L', 'K'};
inline constexpr std::uint32_t kVersion = 2;
inline constexpr std::uint32_t kNoNode = 0xFFFFFFFF;
/// Upper bound of a record's payload, for both ends.
inline constexpr std::uint32_t kMostBytes = 1u << 20;

enum class RecordKind : std::uint32_t {
  kHello = 1,
  kNodes = 2,
  kEdges = 3,
  kWide = 4,
  kTexts = 5,
  kType = 6,
  kName = 7,
  kThread = 8,
  kFrame = 9,
  kRoot = 10,
  kEnd = 11,
  kFailure = 12,
  kTotals = 13,
};
inline constexpr std::uint32_t kLastKind = 13;

struct RecordHeader {
  std::uint32_t kind;
  std::uint32_t bytes;
};

/// First of all. Behind it: the text of Py_GetVersion().
struct Hello {
  static constexpr std::uint32_t kFreeThreaded = 1u << 0;
  static constexpr std::uint32_t kInPlace = 1u << 1;  ///< not a clone: the target waits meanwhile
  static constexpr std::uint32_t kCollecting = 1u
                                               << 2;  ///< a collection runs: lists are incomplete

  char magic[8];
  std::uint32_t version;
  std::uint32_t python_minor;  ///< 8 for CPython 3.8
  std::uint32_t flags;
  std::uint32_t process;        ///< of the target, as it sees itself
  std::uint64_t cloned_at_ns;   ///< CLOCK_MONOTONIC, just before the clone
  std::uint64_t clone_took_ns;  ///< how long the target stood still for it
};

/// Objects first_node, first_node + 1, ...: so many NodeRecord, then the references of all of them
/// as EdgeColumns.
struct Nodes {
  std::uint32_t first_node;
  std::uint32_t node_count;
  std::uint32_t edge_count;
  std::uint32_t reserved;
};

struct NodeRecord {
  /// Its sys.getsizeof calls a __sizeof__ written in Python, which is not run: the size is that of
  /// object.__sizeof__.
  static constexpr std::uint8_t kSizeIsBase = 1u << 0;
  /// An interned string.
  static constexpr std::uint8_t kInterned = 1u << 1;
  /// The count is not exact: free-threaded build with a layout of per-thread counts not known.
  static constexpr std::uint8_t kCountIsUncertain = 1u << 2;

  std::uint64_t address;
  std::uint32_t type;        ///< its class, an object too
  std::uint32_t count;       ///< references; kWide: in a Wide record before
  std::uint32_t size_bytes;  ///< as sys.getsizeof; kWide: in a Wide record before
  std::uint16_t edge_count;  ///< in this record; more may follow in Edges records
  std::uint8_t flags;        ///< graph::NodeFlags
  std::uint8_t more;         ///< the bits above

  static constexpr std::uint32_t kWide = 0xFFFFFFFF;
};

/// References, column by column as the reader keeps them:
///
///   [ targets u32 ... | labels u32 ... | kinds u8 ... ]
///
/// What a label is says its kind's byte, in two bits that no graph::EdgeKind uses:
///
///     bit   7      6            5          4 3        2 1 0
///        +------+------+---------------+----------+---------+
///        |  0   | weak | not traversed |  label   | meaning |
///        +------+------+---------------+----------+---------+
struct EdgeColumns {
  static constexpr std::uint32_t kBytesAnEdge = 9;
  static constexpr unsigned kLabelShift = 3;
  static constexpr std::uint8_t kLabelMask = 3u << kLabelShift;
};

enum class LabelKind : std::uint8_t {
  kNone = 0,
  kIndex = 1,  ///< place in a sequence
  kNode = 2,   ///< an object: a key, or a string that is the name of an attribute or variable
  kName = 3,   ///< number of a Name record
};

/// More edges of the last object of the Nodes record before, as EdgeColumns.
struct Edges {
  std::uint32_t node;
  std::uint32_t edge_count;
};

/// A number too large for its place in a NodeRecord that comes later.
struct Wide {
  static constexpr std::uint32_t kCount = 0;
  static constexpr std::uint32_t kSize = 1;

  std::uint32_t node;
  std::uint32_t what;
  std::uint64_t value;
};

/// Any number of entries, each followed by its bytes and zeros up to a multiple of 4.
struct TextEntry {
  static constexpr std::uint8_t kCut = 1u << 0;  ///< the bytes are only the beginning

  std::uint32_t node;
  std::uint8_t what;  ///< TextKind
  std::uint8_t flags;
  std::uint16_t bytes;
  std::uint32_t length;  ///< of the whole: code points, bytes, bits; UINT32_MAX if larger
};

/// What an object says of itself, read from its memory.
enum class TextKind : std::uint8_t {
  kStr = 0,       ///< the first kMostCodePoints of a str, UTF-8; lone surrogates as U+FFFD
  kBytes = 1,     ///< the first kMostBytesShown of bytes or bytearray
  kInt = 2,       ///< a sign (0 or 1), then kMostBytesOfInt of the magnitude, lowest first
  kFloat = 3,     ///< a double
  kComplex = 4,   ///< two
  kBool = 5,      ///< a byte
  kFunction = 6,  ///< __qualname__; of built-in functions and descriptors the name
  kClass = 7,     ///< "module.qualname"; a Type record says it better, where there is one
  kModule = 8,    ///< __name__
  kCode = 9,      ///< qualified name, a zero, file, a zero, first line in decimal
  kOther = 10,    ///< anything that helps a person
  /// Of a frame, or of what owns one (a generator, a coroutine): qualified name, a zero, file, a
  /// zero, line in decimal, a zero, a FrameState's letter
  kFrame = 11,
};
inline constexpr std::uint32_t kMostCodePoints = 100;
inline constexpr std::uint32_t kMostBytesShown = 40;
inline constexpr std::uint32_t kMostBytesOfInt = 64;

/// Of what a text of kind kFrame says.
struct FrameState {
  static constexpr char kCreated = 'c';  ///< it has not begun
  static constexpr char kSuspended = 's';
  static constexpr char kRunning = 'r';
  static constexpr char kFinished = 'f';
};

/// A class that has objects. Behind it: qualified name, then module.
struct Type {
  std::uint32_t node;
  std::uint32_t name_bytes;
  std::uint32_t module_bytes;
  std::uint32_t reserved;
};

/// A name that is no Python string: "__dict__", "d_name". Behind it: the text.
struct Name {
  std::uint32_t number;  ///< from 0, in order
};

struct Thread {
  std::uint32_t number;       ///< from 0
  std::uint32_t interpreter;  ///< from 0, the main one
  std::uint64_t ident;        ///< threading.get_ident()
  std::uint64_t native_id;    ///< 0: not known; kGreenlet: no thread, but a greenlet that waits

  static constexpr std::uint64_t kGreenlet = ~std::uint64_t{0};
  bool is_greenlet() const { return native_id == kGreenlet; }
};

struct Frame {
  std::uint32_t thread;
  std::uint32_t depth;  ///< 0: the newest
  std::uint32_t code;   ///< an object
  std::uint32_t line;   ///< 0: none
};

/// What holds an object from outside of all objects. Behind it: a text, may be empty.
struct Root {
  std::uint32_t node;
  std::uint16_t kind;        ///< graph::RootKind
  std::uint16_t what;        ///< RootWhat
  std::uint32_t references;  ///< how many of the object's counts it is; 0 for borrowed ones
  std::uint32_t thread;      ///< kNoNode: none
  std::uint32_t depth;       ///< of the frame; kNoNode: none
  std::uint32_t name;        ///< an object, a str; kNoNode: none
};

enum class RootWhat : std::uint16_t {
  kText = 0,         ///< the text says all
  kLocal = 1,        ///< a local variable, cell or free variable of a frame
  kStack = 2,        ///< a value an expression of a frame works on
  kFrame = 3,        ///< what a frame holds besides: function, code, namespace; the text says it
  kThreadState = 4,  ///< what a thread holds; the text says it: "handled exception", "context"
  kModule = 5,       ///< a module of sys.modules; the text is its name there
  kInterpreter = 6,  ///< the interpreter's own; the text says it: "sys.modules"
  /// A pointer to the object stands there, one root each; whether it is counted is not known, so
  /// `references` is 0. The text says where: "static data of _ssl.so"
  kStaticData = 7,
};

/// Of a walk that says totals alone. Behind it: TypeTotal, as many as fit the record.
struct Totals {
  std::uint64_t cpu_ns;  ///< that the walk has taken so far, of the clone or of the thread
  std::uint64_t reserved;
};

struct TypeTotal {
  std::uint32_t node;  ///< the class, of which a Type record has come
  std::uint32_t reserved;
  std::uint64_t objects;
  std::uint64_t bytes;
};

/// `edge_count` is 0 where totals alone were said.
struct End {
  std::uint64_t node_count;
  std::uint64_t edge_count;
  std::uint64_t tracked_by_generation[4];  ///< 0, 1, 2, permanent
  std::uint64_t list_ns;                   ///< finding what the collector tracks
  std::uint64_t walk_ns;
  std::uint64_t memory_bytes;  ///< that the walker touched besides the heap
  std::uint32_t interpreter_count;
  std::uint32_t reserved;
};

/// Instead of End. Behind it: a sentence.
struct Failure {
  std::uint32_t node;    ///< the object being looked at; kNoNode: none
  std::uint32_t signal;  ///< that ended the walk; 0: none
};

static_assert(sizeof(Hello) == 40 && sizeof(Nodes) == 16 && sizeof(NodeRecord) == 24);
static_assert(sizeof(Wide) == 16 && sizeof(TextEntry) == 12 && sizeof(Type) == 16);
static_assert(sizeof(Thread) == 24 && sizeof(Frame) == 16 && sizeof(Root) == 24);
static_assert(sizeof(Totals) == 16 && sizeof(TypeTotal) == 24);
static_assert(sizeof(End) == 80 && sizeof(Failure) == 8);

}  // namespace ouro::python::stream
