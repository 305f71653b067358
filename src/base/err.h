/* Errors are values: a code, a text, a place, a piece of advice.
 *
 * Holds:
 *  - an error is written once, where it arises, by weir_err_set(); callers pass it on or add context, they never log it;
 *  - functions that can fail return bool (or a result enum), take `struct weir_err *err` last, and leave their outputs
 *    untouched on failure;
 *  - the text says what is wrong in plain words; the advice says what to do about it.
 * The codes are listed in errors.def, one line each.
 */
#pragma once

#include "base/slice.h"

enum weir_err_class {
	WEIR_CLASS_USER,  /* the statement or request is wrong: tell the user */
	WEIR_CLASS_DATA,  /* a record or value is wrong: count, log, go on */
	WEIR_CLASS_RETRY, /* something outside is away: try again */
	WEIR_CLASS_FATAL, /* the query or program cannot go on */
	WEIR_CLASS_LIMIT, /* a configured limit was reached */
	WEIR_CLASS_BUG,   /* ours */
};

enum weir_err_code {
	WEIR_E_NONE = 0,
#define WEIR_ERROR(code, class_, http, api_code, doc) WEIR_E_##code,
#include "base/errors.def"
#undef WEIR_ERROR
	WEIR_E_COUNT
};

#define WEIR_ERR_TEXT_BYTES   1536
#define WEIR_ERR_ADVICE_BYTES 512

struct weir_err {
	enum weir_err_code code; /* WEIR_E_NONE: no error */
	int line, column;        /* 1-based place in the SQL text; 0 when there is none */
	size_t span;             /* bytes of SQL text that the error is about; 0 unknown */
	char text[WEIR_ERR_TEXT_BYTES];
	char advice[WEIR_ERR_ADVICE_BYTES]; /* "" when there is none */
};

/* Cheap: does not clear the texts. */
static inline void weir_err_reset(struct weir_err *err)
{
	err->code = WEIR_E_NONE;
	err->line = err->column = 0;
	err->span = 0;
	err->text[0] = err->advice[0] = '\0';
}

/* All return false, so that `return weir_err_set(err, …);` reads well. Long texts are cut at a UTF-8 boundary. err may be NULL. */
bool weir_err_set(struct weir_err *err, enum weir_err_code code, const char *format, ...) __attribute__((format(printf, 3, 4)));
bool weir_err_set_at(struct weir_err *err, enum weir_err_code code, int line, int column, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
/* errno's text is appended. */
bool weir_err_set_errno(struct weir_err *err, enum weir_err_code code, int error_number, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
bool weir_err_advise(struct weir_err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Puts "context: " before the text. */
bool weir_err_prefix(struct weir_err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
void weir_err_copy(struct weir_err *to, const struct weir_err *from);

const char *weir_err_code_name(enum weir_err_code code);
enum weir_err_class weir_err_code_class(enum weir_err_code code);
int weir_err_code_http_status(enum weir_err_code code);
int weir_err_code_api_code(enum weir_err_code code);
const char *weir_err_code_doc(enum weir_err_code code);
