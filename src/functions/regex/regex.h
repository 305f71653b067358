/* Regular expressions of functions: compiled once for a pattern, run with limits. The only user of PCRE2.
 *
 * Holds: a match takes bounded time and memory, whatever the pattern: what needs more is an evaluation error. Positions are bytes;
 * an empty match between the two UTF-16 units of one character is told by is_half, since Java finds such. Not shared between
 * threads.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"

struct weir_regex;

/* Keeps the regular expression that was used last, so that a constant pattern is compiled once and a changing one when it changes.
 * What it holds is released with the arena. */
struct weir_regex_cache;
struct weir_regex_cache *weir_regex_cache_new(struct weir_arena *arena);
/* NULL: the pattern is no regular expression (WEIR_E_EVALUATE). Valid until the next call. */
struct weir_regex *weir_regex_get(struct weir_regex_cache *cache, struct weir_slice pattern, struct weir_err *err);

int weir_regex_group_count(const struct weir_regex *regex);
/* Number of the named group; 0: there is none. */
int weir_regex_group_of(const struct weir_regex *regex, struct weir_slice name);
/* Does it match the empty text? FAILED is false, too. */
bool weir_regex_matches_empty(struct weir_regex *regex);

/* All matches, one after the other, as Java finds them. Zero-initialise but for the first two. */
struct weir_regex_search {
	struct weir_regex *regex;
	struct weir_slice text;
	size_t from;
	bool half_pending;
	size_t start, end; /* of the match found */
	bool is_half;      /* it is empty, between the units of the character at `start` */
	bool failed;
};

/* false: no (further) match, or err is set and search->failed is true. */
bool weir_regex_next(struct weir_regex_search *search, struct weir_err *err);
/* A group of the match found; false: it took no part. Group 0 is the match. */
bool weir_regex_group(const struct weir_regex_search *search, int group, struct weir_slice *ret);
