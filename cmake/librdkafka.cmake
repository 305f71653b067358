# librdkafka: the pinned version, built once per user and shared by all build folders; or the system's.
add_library(weir_rdkafka INTERFACE)
if(WEIR_SYSTEM_RDKAFKA)
  pkg_check_modules(RDKAFKA REQUIRED IMPORTED_TARGET rdkafka>=2.8)
  target_link_libraries(weir_rdkafka INTERFACE PkgConfig::RDKAFKA)
else()
  if(DEFINED ENV{XDG_CACHE_HOME})
    set(cache $ENV{XDG_CACHE_HOME}/weir)
  elseif(DEFINED ENV{HOME})
    set(cache $ENV{HOME}/.cache/weir)
  else()
    set(cache ${CMAKE_BINARY_DIR}/cache)
  endif()
  set(rdkafka ${cache}/librdkafka-2.15.1-1)
  if(NOT EXISTS ${rdkafka}/lib/librdkafka.a)
    message(STATUS "Building librdkafka 2.15.1 (about a minute, once)")
    execute_process(COMMAND ${CMAKE_SOURCE_DIR}/cmake/build_librdkafka.sh ${rdkafka} RESULT_VARIABLE status)
    if(NOT status EQUAL 0)
      message(FATAL_ERROR "librdkafka could not be built")
    endif()
  endif()
  # An imported library, so that what it needs is linked behind it.
  add_library(rdkafka_static STATIC IMPORTED)
  set_target_properties(rdkafka_static PROPERTIES
    IMPORTED_LOCATION ${rdkafka}/lib/librdkafka.a
    INTERFACE_INCLUDE_DIRECTORIES ${rdkafka}/include
    INTERFACE_LINK_LIBRARIES "PkgConfig::ZSTD;OpenSSL::SSL;OpenSSL::Crypto;ZLIB::ZLIB;Threads::Threads;m;dl")
  target_link_libraries(weir_rdkafka INTERFACE rdkafka_static)
endif()
