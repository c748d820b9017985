# ouro_add_header_checks(): every public header compiles as the only include of a file, with the
# usual flags and, since many of our users' code bases are built so, without exceptions and RTTI.

function(ouro_add_header_checks)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}/include"
    "${PROJECT_SOURCE_DIR}/include/ouro/*.hpp")
  set(sources "")
  foreach(header IN LISTS headers)
    string(MAKE_C_IDENTIFIER "${header}" name)
    set(source "${CMAKE_CURRENT_BINARY_DIR}/header_checks/${name}.cpp")
    # Twice, so that a missing include guard is found as well.
    file(CONFIGURE OUTPUT "${source}" CONTENT
      "#include <${header}>\n#include <${header}>  // NOLINT(readability-duplicate-include)\n")
    list(APPEND sources "${source}")
  endforeach()

  foreach(flavour IN ITEMS "" "_without_exceptions")
    set(target ouro_header_checks${flavour})
    add_library(${target} OBJECT ${sources})
    target_link_libraries(${target} PRIVATE ouro::runtime GTest::gtest)  # ouro/testing
    ouro_add_warnings(${target})
    set_target_properties(${target} PROPERTIES UNITY_BUILD OFF)
  endforeach()
  target_compile_options(ouro_header_checks_without_exceptions PRIVATE -fno-exceptions -fno-rtti)
endfunction()
