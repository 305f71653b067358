/* The formats' descriptors. Adding one is a folder and a line here and in list.c. */
#pragma once

#include "formats/format.h"

extern const struct weir_format weir_format_avro, weir_format_delimited, weir_format_json, weir_format_kafka, weir_format_none;
