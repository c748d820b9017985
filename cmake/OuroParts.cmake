# ouro_add_part(<part> [INTERNAL] [USES <part>...] [EXCEPT <folder>...]): the library ouro_<part>, alias
# ouro::<part>, of every .cpp below the current folder but those of the folders excepted. Sources see the public headers as <ouro/...> and private headers as
# "<part>/...", which nobody else sees. An internal part serves the command alone: not installed.
#
# ouro_add_warnings(<target>): the warnings of the project. Presets turn them into errors.
#
# ouro_skip_sanitized_optimization(<target>): what runs little, and takes Clang twice as long to compile with
# sanitizers and -O1 as with -O0.

# Ends up in ouro.pc too, which knows nothing of targets.
set(ouro_public_compile_options "")
set(ouro_public_link_options "")
if(OURO_CHECKED)
  list(APPEND ouro_public_compile_options -DOURO_CHECKED=1)
endif()
if(OURO_SANITIZE)
  list(APPEND ouro_public_compile_options -fsanitize=${OURO_SANITIZE} -fno-omit-frame-pointer)
  list(APPEND ouro_public_link_options -fsanitize=${OURO_SANITIZE})
  if(OURO_SANITIZE MATCHES "undefined")
    # Otherwise undefined behaviour prints a line and the test passes.
    list(APPEND ouro_public_compile_options -fno-sanitize-recover=undefined)
  endif()
endif()

function(ouro_add_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion)
  # At -O3 GCC 12 finds copies that overlap in `"text" + string` where there are none (its bug 105651).
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-Wno-restrict>)
  endif()
endfunction()

function(ouro_skip_sanitized_optimization target)
  if(OURO_SANITIZE)
    target_compile_options(${target} PRIVATE -O0)
  endif()
endfunction()

function(ouro_add_part part)
  cmake_parse_arguments(PARSE_ARGV 1 arg "INTERNAL" "" "USES;EXCEPT")
  set(target ouro_${part})

  file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cpp)
  foreach(folder IN LISTS arg_EXCEPT)
    list(FILTER sources EXCLUDE REGEX "^${CMAKE_CURRENT_SOURCE_DIR}/${folder}/")
  endforeach()
  add_library(${target} ${sources})
  add_library(ouro::${part} ALIAS ${target})

  target_include_directories(${target}
    PUBLIC
      $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
      $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE "${PROJECT_SOURCE_DIR}/src")
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_compile_options(${target} PUBLIC ${ouro_public_compile_options})
  target_link_options(${target} PUBLIC ${ouro_public_link_options})
  foreach(used IN LISTS arg_USES)
    target_link_libraries(${target} PUBLIC ouro::${used})
  endforeach()
  ouro_add_warnings(${target})

  set_target_properties(${target} PROPERTIES
    EXPORT_NAME ${part}
    CXX_EXTENSIONS OFF
    INSTALL_RPATH "$ORIGIN"  # parts find each other wherever they lie
    VERSION ${PROJECT_VERSION}
    SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  if(OURO_INSTALL AND NOT arg_INTERNAL)
    install(TARGETS ${target} EXPORT ouroTargets
      ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
      LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
  endif()
endfunction()
