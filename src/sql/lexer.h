/* Tokens of one statement. */
#pragma once

#include "sql/ast.h"

enum weir_token_kind {
	WEIR_TOKEN_END,
	WEIR_TOKEN_WORD,        /* plain identifier or keyword: name upper-cased */
	WEIR_TOKEN_QUOTED_NAME, /* `x` or "x": name unquoted, case kept */
	WEIR_TOKEN_STRING,      /* name: contents, unescaped */
	WEIR_TOKEN_INTEGER,
	WEIR_TOKEN_DECIMAL,
	WEIR_TOKEN_DOUBLE,
	WEIR_TOKEN_VARIABLE, /* ${x} that nobody defined */
	WEIR_TOKEN_SYMBOL,   /* text: one of the operators and punctuation marks */
};

struct weir_token {
	enum weir_token_kind kind;
	struct weir_slice text; /* as written */
	struct weir_slice name;
	struct weir_sql_place place;
	bool is_reserved;
};

/* The last token is END. line, column: of the text's first character. Errors: SYNTAX. */
bool weir_sql_tokenize(struct weir_arena *arena, struct weir_slice text, int line, int column, struct weir_token **ret_tokens,
	size_t *ret_count, struct weir_err *err);

/* Length of what starts at text[at] and is no token: blanks and comments; 0 when a token starts there. *ret_terminated false: a
 * block comment without an end. */
size_t weir_sql_skip_blank(struct weir_slice text, size_t at, bool *ret_terminated);
/* Length of the quoted thing at text[at] (', " or `) with doubled quotes, 0 when its end is missing. */
size_t weir_sql_quoted_length(struct weir_slice text, size_t at);
