/* JSON (RFC 8259): a scanner over bytes, a tree in an arena, and an append-only writer.
 *
 * Holds: nothing reads past the slice; nesting is bounded; numbers keep their written form; strings are unescaped only when they
 * hold escapes, otherwise they point into the text. Thread: any; no state.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#define WEIR_JSON_MAX_DEPTH 256

/* ---- Scanner: for readers that fill cells straight from the bytes ---- */

struct weir_json_scan {
	const char *p, *end;
	const char *start; /* for positions in messages */
	const char *error; /* static text once something failed */
};

void weir_json_scan_init(struct weir_json_scan *scan, struct weir_slice text);
/* Skips blanks and returns the next character without taking it; '\0' at the end. */
char weir_json_peek(struct weir_json_scan *scan);
/* Takes the character if it is next (after blanks). */
bool weir_json_accept(struct weir_json_scan *scan, char c);
/* A string: *ret_raw is what stands between the quotes, *ret_escaped whether it holds backslashes. */
bool weir_json_string(struct weir_json_scan *scan, struct weir_slice *ret_raw, bool *ret_escaped);
/* A number's text. NaN, Infinity and -Infinity are not numbers. */
bool weir_json_number(struct weir_json_scan *scan, struct weir_slice *ret_text, bool *ret_is_integer);
/* true, false or null: 't', 'f', 'n'; '\0' when none of them is next. */
char weir_json_word(struct weir_json_scan *scan);
/* Any value, unexamined but well-formed; ret_text (may be NULL) is its text. */
bool weir_json_skip(struct weir_json_scan *scan, struct weir_slice *ret_text);
/* Only blanks are left. */
bool weir_json_at_end(struct weir_json_scan *scan);
/* Replaces escapes; lone surrogates become '?'. NULL pointer: a bad escape. The result lives in the arena. */
bool weir_json_unescape(struct weir_arena *arena, struct weir_slice raw, struct weir_slice *ret_text);

/* ---- Tree ---- */

enum weir_json_kind { WEIR_JSON_NULL, WEIR_JSON_BOOLEAN, WEIR_JSON_NUMBER, WEIR_JSON_STRING, WEIR_JSON_ARRAY, WEIR_JSON_OBJECT };

struct weir_json {
	enum weir_json_kind kind;
	bool boolean;
	struct weir_slice text;           /* STRING: unescaped; NUMBER: as written */
	struct weir_slice raw;            /* the value as it stands in the source */
	struct weir_json_member *members; /* OBJECT: in order, duplicates kept */
	struct weir_json **items;         /* ARRAY */
	size_t count;
};

struct weir_json_member {
	struct weir_slice name;
	struct weir_json *value;
};

/* The tree lives in the arena and points into the text. Errors: BAD_REQUEST with line and column. `trailing`: text after the value
 * is ignored instead of refused. */
bool weir_json_parse(struct weir_arena *arena, struct weir_slice text, bool trailing, struct weir_json **ret, struct weir_err *err);

/* The last member of that name; NULL when absent or `json` is no object (NULL is fine). */
const struct weir_json *weir_json_get(const struct weir_json *json, const char *name);
/* Its text when it is a string, else `fallback`. */
struct weir_slice weir_json_get_text(const struct weir_json *json, const char *name, const char *fallback);
int64_t weir_json_get_i64(const struct weir_json *json, const char *name, int64_t fallback);
bool weir_json_get_bool(const struct weir_json *json, const char *name, bool fallback);
bool weir_json_is(const struct weir_json *json, enum weir_json_kind kind);

/* ---- Writer: into a buffer, commas are the writer's matter ---- */

struct weir_json_writer {
	struct weir_buf *out;
	bool needs_comma;
	bool ascii_astral; /* characters beyond the BMP as surrogate escapes, as ksqlDB writes them */
};

void weir_json_writer_init(struct weir_json_writer *writer, struct weir_buf *out);
void weir_json_begin_object(struct weir_json_writer *writer);
void weir_json_end_object(struct weir_json_writer *writer);
void weir_json_begin_array(struct weir_json_writer *writer);
void weir_json_end_array(struct weir_json_writer *writer);
void weir_json_key(struct weir_json_writer *writer, const char *name);
void weir_json_key_slice(struct weir_json_writer *writer, struct weir_slice name);
void weir_json_write_string(struct weir_json_writer *writer, struct weir_slice text);
void weir_json_write_text(struct weir_json_writer *writer, const char *text); /* NULL: null */
void weir_json_write_i64(struct weir_json_writer *writer, int64_t value);
void weir_json_write_bool(struct weir_json_writer *writer, bool value);
void weir_json_write_null(struct weir_json_writer *writer);
/* Text that is JSON already. */
void weir_json_write_raw(struct weir_json_writer *writer, struct weir_slice json);
/* The value's comma, for whoever appends to `out` directly. */
void weir_json_separate(struct weir_json_writer *writer);

/* A quoted, escaped string; bytes that are not UTF-8 become U+FFFD. */
void weir_json_append_string(struct weir_buf *out, struct weir_slice text, bool ascii_astral);
/* Two-space indentation of any JSON text. */
void weir_json_pretty(struct weir_buf *out, struct weir_slice json);
