/* Writing errors and looking up what a code means. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct code_info {
	const char *name;
	enum weir_err_class class_;
	int http_status;
	int api_code;
	const char *doc;
};

static const struct code_info code_table[WEIR_E_COUNT] = {
	[WEIR_E_NONE] = { .name = "NONE", .class_ = WEIR_CLASS_BUG, .http_status = 200, .api_code = 0, .doc = "No error." },
#define WEIR_ERROR(code_, class_name, http, api, doc_)                                                                             \
	[WEIR_E_##code_] = { .name = #code_, .class_ = WEIR_CLASS_##class_name, .http_status = http, .api_code = api, .doc = doc_ },
#include "base/errors.def"
#undef WEIR_ERROR
};

/* Removes a UTF-8 sequence that the buffer's end cut in two. */
static void drop_cut_sequence(char *text)
{
	size_t len = strlen(text), start = len;

	while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
		start--;
	if (start == 0)
		return;
	unsigned char lead = (unsigned char)text[start - 1];
	size_t need = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
	if (len - (start - 1) < need)
		text[start - 1] = '\0';
}

static void format_into(char *text, size_t size, const char *format, va_list args)
{
	if (vsnprintf(text, size, format, args) >= (int)size)
		drop_cut_sequence(text);
}

static void begin(struct weir_err *err, enum weir_err_code code, int line, int column)
{
	err->code = code;
	err->line = line;
	err->column = column;
	err->span = 0;
	err->advice[0] = '\0';
}

bool weir_err_set(struct weir_err *err, enum weir_err_code code, const char *format, ...)
{
	if (!err)
		return false;
	begin(err, code, 0, 0);
	va_list args;
	va_start(args, format);
	format_into(err->text, sizeof err->text, format, args);
	va_end(args);
	return false;
}

bool weir_err_set_at(struct weir_err *err, enum weir_err_code code, int line, int column, const char *format, ...)
{
	if (!err)
		return false;
	begin(err, code, line, column);
	va_list args;
	va_start(args, format);
	format_into(err->text, sizeof err->text, format, args);
	va_end(args);
	return false;
}

bool weir_err_set_errno(struct weir_err *err, enum weir_err_code code, int error_number, const char *format, ...)
{
	if (!err)
		return false;
	begin(err, code, 0, 0);
	va_list args;
	va_start(args, format);
	format_into(err->text, sizeof err->text, format, args);
	va_end(args);
	char reason[128];
	size_t used = strlen(err->text);
	snprintf(err->text + used, sizeof err->text - used, ": %s", strerror_r(error_number, reason, sizeof reason));
	return false;
}

bool weir_err_advise(struct weir_err *err, const char *format, ...)
{
	if (!err)
		return false;
	va_list args;
	va_start(args, format);
	format_into(err->advice, sizeof err->advice, format, args);
	va_end(args);
	return false;
}

bool weir_err_prefix(struct weir_err *err, const char *format, ...)
{
	if (!err)
		return false;
	char old[WEIR_ERR_TEXT_BYTES];
	memcpy(old, err->text, sizeof old);
	va_list args;
	va_start(args, format);
	format_into(err->text, sizeof err->text, format, args);
	va_end(args);
	size_t used = strlen(err->text);
	if (snprintf(err->text + used, sizeof err->text - used, ": %s", old) >= (int)(sizeof err->text - used))
		drop_cut_sequence(err->text);
	return false;
}

void weir_err_copy(struct weir_err *to, const struct weir_err *from)
{
	to->code = from->code;
	to->line = from->line;
	to->column = from->column;
	to->span = from->span;
	memcpy(to->text, from->text, strlen(from->text) + 1);
	memcpy(to->advice, from->advice, strlen(from->advice) + 1);
}

static const struct code_info *info(enum weir_err_code code)
{
	return &code_table[code >= 0 && code < WEIR_E_COUNT ? code : WEIR_E_INTERNAL];
}

const char *weir_err_code_name(enum weir_err_code code)
{
	return info(code)->name;
}

enum weir_err_class weir_err_code_class(enum weir_err_code code)
{
	return info(code)->class_;
}

int weir_err_code_http_status(enum weir_err_code code)
{
	return info(code)->http_status;
}

int weir_err_code_api_code(enum weir_err_code code)
{
	return info(code)->api_code;
}

const char *weir_err_code_doc(enum weir_err_code code)
{
	return info(code)->doc;
}
