/* What the REGEXP functions share. */
#pragma once

#include "functions/define.h"
#include "functions/regex/regex.h"

/* The overloads' prepare: the cache of the call. */
void *weir_regexp_prepare(struct weir_arena *arena, const struct weir_value *const *constants, size_t count);
/* A place in a text that may be inside a character of two UTF-16 units. */
struct weir_regexp_place {
	size_t offset;
	bool is_half;
};
/* Appends the text between two places; half a character becomes '?', as it is written out. */
void weir_regexp_append_between(
	struct weir_buf *out, struct weir_slice text, struct weir_regexp_place from, struct weir_regexp_place to);
/* The same as a slice: of the text where possible, else of the arena. */
struct weir_slice weir_regexp_between(
	struct weir_arena *arena, struct weir_slice text, struct weir_regexp_place from, struct weir_regexp_place to);
