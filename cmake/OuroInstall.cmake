# What `cmake --install` puts below the prefix: libraries, headers, the CMake package and the
# pkg-config file. All paths in them are relative to where they lie, so an installed tree may be
# moved. scripts/check_package proves it.
include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/ouro")
set(pkgconfig_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")

install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/ouro" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  FILES_MATCHING PATTERN "*.hpp")

install(EXPORT ouroTargets NAMESPACE ouro:: DESTINATION "${package_dir}")
configure_package_config_file(cmake/ouroConfig.cmake.in "${PROJECT_BINARY_DIR}/ouroConfig.cmake"
  INSTALL_DESTINATION "${package_dir}" NO_CHECK_REQUIRED_COMPONENTS_MACRO)
# Before 1.0 a minor version may break what was; 0.1.3 serves who asks for 0.1.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/ouroConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/ouroConfig.cmake"
  "${PROJECT_BINARY_DIR}/ouroConfigVersion.cmake"
  DESTINATION "${package_dir}")

# pkg-config replaces ${pcfiledir} by the folder of the file.
file(RELATIVE_PATH pc_prefix "/${pkgconfig_dir}" "/")
string(REGEX REPLACE "/$" "" pc_prefix "${pc_prefix}")
list(JOIN ouro_public_compile_options " " pc_cflags)
list(JOIN ouro_public_link_options " " pc_link_options)
foreach(name IN ITEMS ouro ouro-testing)
  configure_file(cmake/${name}.pc.in "${PROJECT_BINARY_DIR}/${name}.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/${name}.pc" DESTINATION "${pkgconfig_dir}")
endforeach()
