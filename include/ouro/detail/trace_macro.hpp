// OURO_TRACE and OURO_TRACE_DERIVED, and the repetition they are built on.
#pragma once

// Applies `macro` to each of up to 256 arguments: each rescan of EXPAND lets AGAIN call itself
// again.
#define OURO_DETAIL_PARENTHESES ()
#define OURO_DETAIL_EXPAND(...) \
  OURO_DETAIL_EXPAND4(OURO_DETAIL_EXPAND4(OURO_DETAIL_EXPAND4(OURO_DETAIL_EXPAND4(__VA_ARGS__))))
#define OURO_DETAIL_EXPAND4(...) \
  OURO_DETAIL_EXPAND3(OURO_DETAIL_EXPAND3(OURO_DETAIL_EXPAND3(OURO_DETAIL_EXPAND3(__VA_ARGS__))))
#define OURO_DETAIL_EXPAND3(...) \
  OURO_DETAIL_EXPAND2(OURO_DETAIL_EXPAND2(OURO_DETAIL_EXPAND2(OURO_DETAIL_EXPAND2(__VA_ARGS__))))
#define OURO_DETAIL_EXPAND2(...) \
  OURO_DETAIL_EXPAND1(OURO_DETAIL_EXPAND1(OURO_DETAIL_EXPAND1(OURO_DETAIL_EXPAND1(__VA_ARGS__))))
#define OURO_DETAIL_EXPAND1(...) __VA_ARGS__
#define OURO_DETAIL_FOR_EACH(macro, ...) \
  __VA_OPT__(OURO_DETAIL_EXPAND(OURO_DETAIL_STEP(macro, __VA_ARGS__)))
#define OURO_DETAIL_STEP(macro, first, ...) \
  macro(first) __VA_OPT__(OURO_DETAIL_AGAIN OURO_DETAIL_PARENTHESES(macro, __VA_ARGS__))
#define OURO_DETAIL_AGAIN() OURO_DETAIL_STEP

#define OURO_DETAIL_VISIT(field) ouro_visit(#field, field);
#define OURO_DETAIL_HOLDS_ANY(...) (false __VA_OPT__(|| true))

// The trailing return type names the class the macro stands in, so that a derived class which
// forgets its own OURO_TRACE is found out at compile time.
#define OURO_DETAIL_TRACE(holds_any, base_visit, ...)               \
  friend struct ::ouro::detail::TraceAccess;                        \
  static constexpr bool ouro_holds_any = holds_any;                 \
  auto ouro_trace_owner() noexcept -> decltype(this);               \
  template <class OuroVisit>                                        \
  void ouro_trace([[maybe_unused]] OuroVisit& ouro_visit) {         \
    base_visit OURO_DETAIL_FOR_EACH(OURO_DETAIL_VISIT, __VA_ARGS__) \
  }

/// Names the fields of the class that may hold references. May stand anywhere in the class, in its
/// private part too; leaves the access of what follows alone. OURO_TRACE() says that there are
/// none.
#define OURO_TRACE(...) OURO_DETAIL_TRACE(OURO_DETAIL_HOLDS_ANY(__VA_ARGS__), , __VA_ARGS__)

/// The same for a class whose base has references of its own to trace.
#define OURO_TRACE_DERIVED(base, ...)                                                       \
  OURO_DETAIL_TRACE(true, ::ouro::detail::TraceAccess::trace_base<base>(*this, ouro_visit); \
                    , __VA_ARGS__)
