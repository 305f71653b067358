/* Patterns of java.util.regex as patterns of PCRE2: the two differ in what is plain, what is special and what is Unicode, so that
 * every construct is written anew (functions.md §2.3). Knows nothing of PCRE2 but its syntax.
 *
 * Holds: the result means the same when compiled with UTF and DOTALL and no other option; named groups become numbered ones;
 * whatever the translator does not know is refused, never passed through.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#define WEIR_PATTERN_MAX_GROUPS 1000

struct weir_java_name {
	struct weir_slice name;
	int group;
};

struct weir_java_pattern {
	struct weir_slice text; /* for PCRE2 */
	int group_count;
	const struct weir_java_name *names;
	size_t name_count;
};

/* Results live in the arena (the names point into the pattern). Errors: EVALUATE with what is wrong and where. */
bool weir_java_pattern_translate(
	struct weir_arena *arena, struct weir_slice pattern, struct weir_java_pattern *ret, struct weir_err *err);
