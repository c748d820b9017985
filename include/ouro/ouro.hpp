// All of Ouro's runtime: Python's memory model for C++. Link ouro::runtime.
//
//   struct Monster;
//   struct Dungeon { std::vector<ouro::Ref<Monster>> monsters; };
//   struct Monster { ouro::Ref<Dungeon> dungeon; int hp = 10; };
//
//   auto dungeon = ouro::make<Dungeon>();
//   dungeon->monsters.push_back(ouro::make<Monster>(dungeon));   // a cycle
//   dungeon = nullptr;                                           // unreachable, not freed
//   ouro::gc::collect();                                         // 2
#pragma once

#include <ouro/base/memory_info.hpp>
#include <ouro/checked.hpp>
#include <ouro/finalize.hpp>
#include <ouro/gc.hpp>
#include <ouro/heap.hpp>
#include <ouro/id_table.hpp>
#include <ouro/make.hpp>
#include <ouro/objgraph.hpp>
#include <ouro/ref.hpp>
#include <ouro/trace.hpp>
#include <ouro/untraced.hpp>
#include <ouro/version.hpp>
#include <ouro/weak_containers.hpp>
#include <ouro/weak_method.hpp>
#include <ouro/weakref.hpp>
