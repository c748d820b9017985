// Whose a class is: the application's, of a package it has installed, or of Python itself. What an
// application may have done wrong is to be read before what its interpreter is made of.
//
// Told by the module of the class: modules are roots of the graph ("module app"), and a module's
// file says where it is from:
//
//   /srv/app/server.py                                   application
//   .../site-packages/django/db/models/base.py           package
//   .../lib/python3.13/threading.py, or no file at all   library
//
// In a graph without modules all classes are the application's.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "graph/heap_graph.hpp"

namespace ouro::analysis {

enum class TypeOrigin { kApplication, kPackage, kLibrary };

class TypeOrigins {
 public:
  /// Needs all parts of the graph. Time: the types, the roots, and the references of modules.
  explicit TypeOrigins(const graph::HeapGraph& graph);

  TypeOrigin of(graph::TypeIndex type) const {
    return type < origin_by_type_.size() ? origin_by_type_[type] : TypeOrigin::kApplication;
  }

  /// Of the module of this name.
  TypeOrigin of_module(std::string_view module) const;
  /// Of code in a file with this path.
  static TypeOrigin of_file(std::string_view path);

 private:
  std::map<std::string, TypeOrigin, std::less<>> origin_by_module_;
  std::vector<TypeOrigin> origin_by_type_;
};

}  // namespace ouro::analysis
