/* Inside the translator: the state of one translation, and its parts. */
#pragma once

#include "base/vec.h"
#include "functions/regex/java_pattern.h"

enum weir_java_flag {
	WEIR_JAVA_CASELESS = 1,  /* i */
	WEIR_JAVA_UNIX = 2,      /* d: only \n ends a line */
	WEIR_JAVA_MULTILINE = 4, /* m */
	WEIR_JAVA_DOTALL = 8,    /* s */
	WEIR_JAVA_UCASE = 16,    /* u: i beyond ASCII */
	WEIR_JAVA_COMMENTS = 32, /* x */
	WEIR_JAVA_UCLASS = 64,   /* U: \w and its like beyond ASCII */
};

struct weir_java_parser {
	struct weir_arena *arena;
	const char *start, *p, *end;
	struct weir_buf *out;
	unsigned flags;
	int group_count;  /* opened so far */
	int total_groups; /* of the whole pattern, once known; else INT_MAX */
	int depth;
	WEIR_VEC(struct weir_java_name) names;
	struct weir_err *err;
};

/* A set of characters: `items` as they stand between brackets, or their complement. */
struct weir_java_charset {
	struct weir_slice items;
	bool is_negated;
};

#define WEIR_JAVA_END UINT32_MAX

/* Sets err with the place; always false. */
bool weir_java_fail(struct weir_java_parser *parser, const char *what);
/* The next character without taking it; blanks and comments are passed over under (?x). */
uint32_t weir_java_peek(struct weir_java_parser *parser);
/* As it stands. */
uint32_t weir_java_peek_raw(const struct weir_java_parser *parser);
uint32_t weir_java_next(struct weir_java_parser *parser);
bool weir_java_accept(struct weir_java_parser *parser, uint32_t c);
/* Behind a backslash: the character of an escape that stands for one (\t, \x41, …). *ret_known false: it is none. */
bool weir_java_escaped_char(struct weir_java_parser *parser, uint32_t *ret_char, bool *ret_known);
/* Behind a backslash: d, w, s, h, v, p{…} and their negations. */
bool weir_java_escaped_set(struct weir_java_parser *parser, struct weir_java_charset *ret, bool *ret_known);
/* Behind \p or \P: the name. */
bool weir_java_property(struct weir_java_parser *parser, struct weir_java_charset *ret);
/* Behind '[': appends one expression that matches one character. */
bool weir_java_class(struct weir_java_parser *parser, struct weir_buf *out);
/* \x{…}, which means the character everywhere. */
void weir_java_append_char(struct weir_buf *out, uint32_t c);
/* A half of a surrogate pair: no text has one. */
static inline bool weir_java_is_half(uint32_t c)
{
	return c >= 0xD800 && c < 0xE000;
}
