// A small Lisp on std::shared_ptr. It leaks: a function defined inside another refers to the
// environment of the call, and the environment refers to the function.
//
// 28_interpreter_ouro.cpp is the same file moved to Ouro, which does not leak.
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <ranges>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct LispError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// ---- objects: null is the empty list, and false ---------------------------------------------

struct Object {
  virtual ~Object() = default;
  virtual void print(std::ostream& out) const = 0;
};

using Objects = std::vector<std::shared_ptr<Object>>;

void print(std::ostream& out, const std::shared_ptr<Object>& object) {
  if (object == nullptr) {
    out << "()";
  } else {
    object->print(out);
  }
}

struct Number : Object {
  explicit Number(double number) : value(number) {}
  void print(std::ostream& out) const override { out << value; }

  double value;
};

struct Symbol : Object {
  explicit Symbol(std::string text) : name(std::move(text)) {}
  void print(std::ostream& out) const override { out << name; }

  std::string name;
};

struct Pair : Object {
  Pair(std::shared_ptr<Object> first, std::shared_ptr<Object> rest)
      : head(std::move(first)), tail(std::move(rest)) {}

  void print(std::ostream& out) const override {
    out << '(';
    ::print(out, head);
    auto rest = tail;
    for (auto pair = std::dynamic_pointer_cast<Pair>(rest); pair != nullptr;
         pair = std::dynamic_pointer_cast<Pair>(rest)) {
      out << ' ';
      ::print(out, pair->head);
      rest = pair->tail;
    }
    if (rest != nullptr) {
      out << " . ";
      ::print(out, rest);
    }
    out << ')';
  }

  std::shared_ptr<Object> head;
  std::shared_ptr<Object> tail;
};

struct Builtin : Object {
  using Function = std::shared_ptr<Object> (*)(const Objects& arguments);

  explicit Builtin(Function code) : function(code) {}
  void print(std::ostream& out) const override { out << "<builtin>"; }

  Function function;
};

class Environment : public std::enable_shared_from_this<Environment> {
 public:
  explicit Environment(std::shared_ptr<Environment> outer) : outer_(std::move(outer)) {}

  std::shared_ptr<Environment> make_inner() { return make(shared_from_this()); }

  static std::shared_ptr<Environment> make(std::shared_ptr<Environment> outer) {
    auto environment = std::make_shared<Environment>(std::move(outer));
    made.emplace_back(environment);
    return environment;
  }

  static std::ptrdiff_t count_alive() {
    return std::count_if(made.begin(), made.end(), [](auto& weak) { return !weak.expired(); });
  }

  void define(const std::string& name, std::shared_ptr<Object> value) {
    variables_[name] = std::move(value);
  }

  std::shared_ptr<Object>& at(const std::string& name) {
    for (auto* environment = this; environment != nullptr;
         environment = environment->outer_.get()) {
      const auto found = environment->variables_.find(name);
      if (found != environment->variables_.end()) return found->second;
    }
    throw LispError("unbound variable " + name);
  }

 private:
  static inline std::vector<std::weak_ptr<Environment>> made;

  std::map<std::string, std::shared_ptr<Object>> variables_;
  std::shared_ptr<Environment> outer_;
};

struct Closure : Object {
  Closure(std::vector<std::string> names, Objects forms, std::shared_ptr<Environment> around)
      : parameters(std::move(names)), body(std::move(forms)), environment(std::move(around)) {}
  void print(std::ostream& out) const override { out << "<closure>"; }

  std::vector<std::string> parameters;
  Objects body;
  std::shared_ptr<Environment> environment;
};

// ---- lists ----------------------------------------------------------------------------------

std::shared_ptr<Object> list_of(const Objects& objects) {
  std::shared_ptr<Object> list;
  for (const auto& object : std::views::reverse(objects)) {
    list = std::make_shared<Pair>(object, list);
  }
  return list;
}

Objects elements_of(std::shared_ptr<Object> list) {
  Objects elements;
  while (auto pair = std::dynamic_pointer_cast<Pair>(list)) {
    elements.push_back(pair->head);
    list = pair->tail;
  }
  return elements;
}

/// The object as a T, or an error.
template <class T>
std::shared_ptr<T> as(const std::shared_ptr<Object>& object, const char* kind) {
  if (auto result = std::dynamic_pointer_cast<T>(object)) return result;
  std::ostringstream message;
  print(message, object);
  throw LispError(message.str() + " is no " + kind);
}

const std::shared_ptr<Object>& part(const Objects& form, std::size_t index) {
  if (index >= form.size()) throw LispError("something is missing in a form");
  return form[index];
}

// ---- reading --------------------------------------------------------------------------------

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool at_end() {
    skip_space();
    return at_ == text_.size();
  }

  std::shared_ptr<Object> read() {
    if (at_end()) throw LispError("unexpected end of text");
    if (take('(')) return read_list();
    if (take('\'')) return list_of({std::make_shared<Symbol>("quote"), read()});
    return read_atom();
  }

 private:
  void skip_space() {
    while (at_ < text_.size()) {
      if (text_[at_] == ';') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
        ++at_;
      } else {
        return;
      }
    }
  }

  bool take(char wanted) {
    if (text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  std::shared_ptr<Object> read_list() {
    Objects elements;
    while (!at_end()) {
      if (take(')')) return list_of(elements);
      elements.push_back(read());
    }
    throw LispError("a list is not closed");
  }

  std::shared_ptr<Object> read_atom() {
    const std::size_t end = std::min(text_.find_first_of(" \t\n();'", at_), text_.size());
    if (end == at_) throw LispError("a ) too much");
    const std::string word(text_.substr(at_, end - at_));
    at_ = end;
    char* rest = nullptr;
    const double number = std::strtod(word.c_str(), &rest);
    if (*rest == '\0') return std::make_shared<Number>(number);
    return std::make_shared<Symbol>(word);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// ---- evaluating -----------------------------------------------------------------------------

std::shared_ptr<Object> eval(const std::shared_ptr<Object>& object,
                             const std::shared_ptr<Environment>& environment);

/// The value of the last of the forms from `first` on.
std::shared_ptr<Object> eval_body(const Objects& forms, std::size_t first,
                                  const std::shared_ptr<Environment>& environment) {
  std::shared_ptr<Object> value;
  for (std::size_t i = first; i < forms.size(); ++i) value = eval(forms[i], environment);
  return value;
}

std::shared_ptr<Object> call(const std::shared_ptr<Object>& function, const Objects& arguments) {
  if (auto builtin = std::dynamic_pointer_cast<Builtin>(function)) {
    return builtin->function(arguments);
  }
  auto closure = as<Closure>(function, "function");
  if (arguments.size() != closure->parameters.size()) throw LispError("wrong number of arguments");
  auto environment = closure->environment->make_inner();
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    environment->define(closure->parameters[i], arguments[i]);
  }
  return eval_body(closure->body, 0, environment);
}

/// A closure from (parameter ...) and what stands in the form from `first` on.
std::shared_ptr<Object> make_closure(const std::shared_ptr<Object>& parameters, const Objects& form,
                                     std::size_t first,
                                     const std::shared_ptr<Environment>& environment) {
  std::vector<std::string> names;
  for (const auto& parameter : elements_of(parameters)) {
    names.push_back(as<Symbol>(parameter, "symbol")->name);
  }
  Objects body(form.begin() + static_cast<std::ptrdiff_t>(first), form.end());
  return std::make_shared<Closure>(std::move(names), std::move(body), environment);
}

/// (define name value) and (define (name parameter ...) body ...)
std::shared_ptr<Object> eval_define(const Objects& form,
                                    const std::shared_ptr<Environment>& environment) {
  if (auto header = std::dynamic_pointer_cast<Pair>(part(form, 1))) {
    const auto name = as<Symbol>(header->head, "symbol")->name;
    environment->define(name, make_closure(header->tail, form, 2, environment));
  } else {
    const auto name = as<Symbol>(form[1], "symbol")->name;
    environment->define(name, eval(part(form, 2), environment));
  }
  return nullptr;
}

/// (let ((name value) ...) body ...)
std::shared_ptr<Object> eval_let(const Objects& form,
                                 const std::shared_ptr<Environment>& environment) {
  auto inner = environment->make_inner();
  for (const auto& binding : elements_of(part(form, 1))) {
    const Objects pair = elements_of(binding);
    inner->define(as<Symbol>(part(pair, 0), "symbol")->name, eval(part(pair, 1), environment));
  }
  return eval_body(form, 2, inner);
}

/// Evaluates a form that begins with one of the language's own words; says whether it does.
bool eval_special(const std::string& word, const Objects& form,
                  const std::shared_ptr<Environment>& environment, std::shared_ptr<Object>& value) {
  if (word == "quote") {
    value = part(form, 1);
  } else if (word == "if") {
    const bool holds = eval(part(form, 1), environment) != nullptr;
    value = holds ? eval(part(form, 2), environment) : eval_body(form, 3, environment);
  } else if (word == "define") {
    value = eval_define(form, environment);
  } else if (word == "set!") {
    auto result = eval(part(form, 2), environment);
    value = environment->at(as<Symbol>(part(form, 1), "symbol")->name) = result;
  } else if (word == "lambda") {
    value = make_closure(part(form, 1), form, 2, environment);
  } else if (word == "let") {
    value = eval_let(form, environment);
  } else if (word == "begin") {
    value = eval_body(form, 1, environment);
  } else {
    return false;
  }
  return true;
}

std::shared_ptr<Object> eval(const std::shared_ptr<Object>& object,
                             const std::shared_ptr<Environment>& environment) {
  if (auto symbol = std::dynamic_pointer_cast<Symbol>(object)) return environment->at(symbol->name);
  auto pair = std::dynamic_pointer_cast<Pair>(object);
  if (pair == nullptr) return object;

  const Objects form = elements_of(pair);
  std::shared_ptr<Object> value;
  if (auto symbol = std::dynamic_pointer_cast<Symbol>(pair->head)) {
    if (eval_special(symbol->name, form, environment, value)) return value;
  }
  auto function = eval(pair->head, environment);
  Objects arguments;
  for (std::size_t i = 1; i < form.size(); ++i) arguments.push_back(eval(form[i], environment));
  return call(function, arguments);
}

// ---- the words every program has ------------------------------------------------------------

double number(const Objects& arguments, std::size_t index) {
  return as<Number>(part(arguments, index), "number")->value;
}

std::shared_ptr<Object> truth(bool holds) {
  return holds ? std::make_shared<Symbol>("t") : nullptr;
}

std::shared_ptr<Environment> make_global_environment() {
  auto global = Environment::make(nullptr);
  const auto add = [&](const char* name, Builtin::Function function) {
    global->define(name, std::make_shared<Builtin>(function));
  };
  add("+", [](const Objects& arguments) -> std::shared_ptr<Object> {
    return std::make_shared<Number>(number(arguments, 0) + number(arguments, 1));
  });
  add("-", [](const Objects& arguments) -> std::shared_ptr<Object> {
    return std::make_shared<Number>(number(arguments, 0) - number(arguments, 1));
  });
  add("*", [](const Objects& arguments) -> std::shared_ptr<Object> {
    return std::make_shared<Number>(number(arguments, 0) * number(arguments, 1));
  });
  add("<",
      [](const Objects& arguments) { return truth(number(arguments, 0) < number(arguments, 1)); });
  add("null?", [](const Objects& arguments) { return truth(part(arguments, 0) == nullptr); });
  add("cons", [](const Objects& arguments) -> std::shared_ptr<Object> {
    return std::make_shared<Pair>(part(arguments, 0), part(arguments, 1));
  });
  add("car", [](const Objects& arguments) { return as<Pair>(part(arguments, 0), "pair")->head; });
  add("cdr", [](const Objects& arguments) { return as<Pair>(part(arguments, 0), "pair")->tail; });
  add("list", [](const Objects& arguments) { return list_of(arguments); });
  return global;
}

// ---- a server's day -------------------------------------------------------------------------

constexpr std::string_view kProgram = R"(
(define (map f list)
  (if (null? list) ()
      (cons (f (car list)) (map f (cdr list)))))

(define (fib n)
  (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2)))))

(define (make-counter)
  (let ((count 0))
    (lambda () (set! count (+ count 1)))))
(define requests (make-counter))

(define (sum-to n)                 ; `loop` and the environment of this call refer to each other
  (define (loop i sum)
    (if (< n i) sum (loop (+ i 1) (+ sum i))))
  (loop 1 0))

(define (serve)
  (requests)
  (sum-to 10))
)";

/// Evaluates the text and prints the last value.
void run(std::string_view text, const std::shared_ptr<Environment>& environment) {
  try {
    std::shared_ptr<Object> value;
    for (Reader reader(text); !reader.at_end();) value = eval(reader.read(), environment);
    print(std::cout, value);
    std::cout << '\n';
  } catch (const LispError& error) {
    std::cout << "error: " << error.what() << '\n';
  }
}

void serve_all_day() {
  auto global = make_global_environment();
  run(kProgram, global);
  run("(map fib '(1 2 3 4 5 6 7 8 9 10))", global);
  run("(let ((add (lambda (n) (lambda (m) (+ n m))))) (map (add 40) (list 1 2)))", global);
  run("(sum-to ten)", global);
  for (int i = 1; i < 1000; ++i) eval(Reader("(serve)").read(), global);
  run("(serve)", global);
  run("(requests)", global);
}

int main() {
  serve_all_day();
  std::cout << "environments still alive: " << Environment::count_alive() << '\n';
}
