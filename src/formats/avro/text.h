/* Inside formats/avro: the schema that weir writes with, as text. formats.md §8.1. */
#pragma once

#include "formats/format.h"

bool avro_make_schema(
	const struct weir_format_spec *spec, struct weir_arena *arena, struct weir_slice *ret_text, struct weir_err *err);
