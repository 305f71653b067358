/* Paths of EXTRACTJSONFIELD: $, then .name, [token] or ["quoted"] (functions.md §2.9). */
#pragma once

#include "base/arena.h"
#include "base/err.h"

struct weir_json_path {
	const struct weir_slice *steps;
	size_t count;
};

/* Steps live in the arena or point into the text. */
bool weir_json_path_parse(struct weir_arena *arena, struct weir_slice text, struct weir_json_path *ret, struct weir_err *err);
/* The value at the path, as it stands in the text. NULL: there is none; FAILED: the text is no JSON. Of equal keys the last
 * counts. */
enum weir_json_found { WEIR_JSON_FOUND, WEIR_JSON_ABSENT, WEIR_JSON_MALFORMED };
enum weir_json_found weir_json_path_find(
	struct weir_arena *arena, const struct weir_json_path *path, struct weir_slice text, struct weir_slice *ret_value);
