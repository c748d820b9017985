# What makes daily work faster; never part of a build in which Ouro is a subproject.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

# What builds with our warnings is standard C++.
set(CMAKE_CXX_EXTENSIONS OFF)

find_program(OURO_CCACHE ccache DOC "Compiler cache, used if found")
if(OURO_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${OURO_CCACHE}")
endif()

# mold before lld, as it links faster; without either the compiler's default linker is used.
find_program(OURO_MOLD mold DOC "Fast linker, used if found")
find_program(OURO_LLD ld.lld DOC "Fast linker, used if found and mold is not")
if(OURO_MOLD)
  add_link_options(-fuse-ld=mold)
elseif(OURO_LLD)
  add_link_options(-fuse-ld=lld)
endif()
