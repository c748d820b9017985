# ouro_add_header_checks(): every public header compiles as the only include of a file, without
# exceptions and RTTI, since many of our users' code bases are built so.

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

  add_library(ouro_header_checks OBJECT ${sources})
  target_link_libraries(ouro_header_checks PRIVATE ouro::runtime GTest::gtest)  # ouro/testing
  ouro_add_warnings(ouro_header_checks)
  set_target_properties(ouro_header_checks PROPERTIES UNITY_BUILD OFF)
  target_compile_options(ouro_header_checks PRIVATE -fno-exceptions -fno-rtti)
endfunction()
