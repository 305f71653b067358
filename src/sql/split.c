/* Cuts a script into statements: `;` outside of strings, quoted names and comments. */
#include "sql/lexer.h"
#include "sql/parser.h"

static void follow(struct weir_slice text, int *line, int *column)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\n') {
			(*line)++;
			*column = 1;
		} else if (((unsigned char)text.ptr[i] & 0xC0) != 0x80) {
			(*column)++;
		}
	}
}

static void drop(struct weir_slice *rest, size_t bytes, int *line, int *column)
{
	follow(weir_slice_make(rest->ptr, bytes), line, column);
	*rest = weir_slice_make(rest->ptr + bytes, rest->len - bytes);
}

static bool fail_at(struct weir_slice rest, size_t offset, int line, int column, const char *what, struct weir_err *err)
{
	follow(weir_slice_make(rest.ptr, offset), &line, &column);
	return weir_err_set_at(err, WEIR_E_SYNTAX, line, column, "%s", what);
}

bool weir_sql_next_statement(struct weir_slice *rest, int *line, int *column, struct weir_slice *ret_statement, int *ret_line,
	int *ret_column, bool *ret_found, struct weir_err *err)
{
	bool terminated;
	size_t blank;

	for (;;) { /* blanks, comments and stray semicolons in front */
		blank = weir_sql_skip_blank(*rest, 0, &terminated);
		if (!terminated)
			return fail_at(*rest, 0, *line, *column, "This comment has no end", err);
		drop(rest, blank, line, column);
		if (rest->len == 0 || rest->ptr[0] != ';')
			break;
		drop(rest, 1, line, column);
	}
	*ret_found = rest->len > 0;
	*ret_line = *line;
	*ret_column = *column;
	size_t i = 0;
	while (i < rest->len && rest->ptr[i] != ';') {
		char c = rest->ptr[i];
		size_t len = c == '\'' || c == '"' || c == '`' ? weir_sql_quoted_length(*rest, i) : 0;
		if (!len && (c == '\'' || c == '"' || c == '`'))
			return fail_at(*rest, i, *line, *column, "What this quote opens is never closed", err);
		if (!len)
			len = weir_sql_skip_blank(*rest, i, &terminated);
		if (!terminated)
			return fail_at(*rest, i, *line, *column, "This comment has no end", err);
		i += len ? len : 1;
	}
	size_t len = i < rest->len ? i + 1 : i;
	*ret_statement = weir_slice_make(rest->ptr, len);
	drop(rest, len, line, column);
	return true;
}
