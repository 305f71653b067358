/* Cuts a statement's text into tokens. Rules: semantics.md §1.1, §1.2, §1.4. */
#include "sql/lexer.h"

#include "base/vec.h"
#include "sql/parser.h"

#include <stdio.h>

struct lexer {
	struct weir_arena *arena;
	struct weir_slice text;
	size_t at;
	int line, column;
	WEIR_VEC(struct weir_token) tokens;
	struct weir_err *err;
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word_char(char c)
{
	return is_letter(c) || is_digit(c) || c == '_' || c == '@';
}

static char at(struct weir_slice text, size_t i)
{
	return i < text.len ? text.ptr[i] : '\0';
}

size_t weir_sql_skip_blank(struct weir_slice text, size_t start, bool *ret_terminated)
{
	size_t i = start;

	*ret_terminated = true;
	for (;;) {
		if (at(text, i) == ' ' || at(text, i) == '\t' || at(text, i) == '\r' || at(text, i) == '\n') {
			i++;
		} else if (at(text, i) == '-' && at(text, i + 1) == '-') {
			while (i < text.len && text.ptr[i] != '\n')
				i++;
		} else if (at(text, i) == '/' && at(text, i + 1) == '*') {
			const char *end = memmem(text.ptr + i + 2, text.len - i - 2, "*/", 2);
			if (!end) {
				*ret_terminated = false;
				return text.len - start;
			}
			i = (size_t)(end - text.ptr) + 2;
		} else {
			return i - start;
		}
	}
}

size_t weir_sql_quoted_length(struct weir_slice text, size_t start)
{
	char quote = text.ptr[start];

	for (size_t i = start + 1; i < text.len; i++) {
		if (text.ptr[i] != quote)
			continue;
		if (at(text, i + 1) != quote)
			return i + 1 - start;
		i++;
	}
	return 0;
}

static void advance(struct lexer *lexer, size_t bytes)
{
	for (size_t end = lexer->at + bytes; lexer->at < end; lexer->at++) {
		unsigned char c = (unsigned char)lexer->text.ptr[lexer->at];
		if (c == '\n') {
			lexer->line++;
			lexer->column = 1;
		} else if ((c & 0xC0) != 0x80) {
			lexer->column++;
		}
	}
}

static struct weir_token *push(struct lexer *lexer, enum weir_token_kind kind, size_t len)
{
	struct weir_token token = {
		.kind = kind,
		.text = weir_slice_make(lexer->text.ptr + lexer->at, len),
		.place = { .line = lexer->line, .column = lexer->column, .offset = lexer->at, .len = len },
	};

	WEIR_VEC_PUSH_IN(lexer->arena, &lexer->tokens, token);
	advance(lexer, len);
	return &lexer->tokens.items[lexer->tokens.count - 1];
}

static bool fail(struct lexer *lexer, size_t span, const char *what, const char *advice)
{
	weir_err_set_at(lexer->err, WEIR_E_SYNTAX, lexer->line, lexer->column, "%s", what);
	lexer->err->span = span;
	return weir_err_advise(lexer->err, "%s", advice);
}

static struct weir_slice unquote(struct weir_arena *arena, struct weir_slice quoted)
{
	char quote = quoted.ptr[0];
	char *out = weir_arena_alloc(arena, quoted.len);
	size_t len = 0;

	for (size_t i = 1; i + 1 < quoted.len; i++) {
		out[len++] = quoted.ptr[i];
		if (quoted.ptr[i] == quote)
			i++;
	}
	return weir_slice_make(out, len);
}

static bool lex_quoted(struct lexer *lexer)
{
	char quote = lexer->text.ptr[lexer->at];
	size_t len = weir_sql_quoted_length(lexer->text, lexer->at);

	if (!len)
		return quote == '\'' ? fail(lexer, 1, "This string has no closing quote",
					       "Strings end with '; a quote inside is written twice: 'it''s'.")
				     : fail(lexer, 1, "This quoted name has no closing quote", "Close it with the same quote.");
	struct weir_token *token = push(lexer, quote == '\'' ? WEIR_TOKEN_STRING : WEIR_TOKEN_QUOTED_NAME, len);
	token->name = unquote(lexer->arena, token->text);
	return true;
}

static bool is_keyword(struct weir_slice word, bool *ret_reserved)
{
	static const struct {
		const char *word;
		bool is_reserved;
	} words[] = {
#define WEIR_KEYWORD(word_, reserved_) { .word = #word_, .is_reserved = reserved_ },
#include "sql/keywords.def"
#undef WEIR_KEYWORD
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (!weir_slice_is(word, words[i].word))
			continue;
		*ret_reserved = words[i].is_reserved;
		return true;
	}
	return false;
}

bool weir_sql_is_reserved(struct weir_slice word)
{
	bool is_reserved = false;

	return is_keyword(word, &is_reserved) && is_reserved;
}

static void lex_word(struct lexer *lexer, size_t len)
{
	struct weir_token *token = push(lexer, WEIR_TOKEN_WORD, len);
	char *upper = weir_arena_alloc(lexer->arena, len);

	for (size_t i = 0; i < len; i++) {
		char c = token->text.ptr[i];
		upper[i] = (char)(c >= 'a' && c <= 'z' ? c - 32 : c);
	}
	token->name = weir_slice_make(upper, len);
	bool reserved = false;
	if (is_keyword(token->name, &reserved))
		token->is_reserved = reserved;
}

static size_t count_digits(struct weir_slice text, size_t i)
{
	size_t start = i;

	while (is_digit(at(text, i)))
		i++;
	return i - start;
}

/* Length of an exponent like E10, e-3; 0 when there is none. */
static size_t exponent_length(struct weir_slice text, size_t i)
{
	if (at(text, i) != 'e' && at(text, i) != 'E')
		return 0;
	size_t sign = at(text, i + 1) == '+' || at(text, i + 1) == '-';
	size_t digits = count_digits(text, i + 1 + sign);
	return digits ? 1 + sign + digits : 0;
}

/* Numbers and words that begin with a digit; the longest match wins, ties go to numbers. */
static void lex_number(struct lexer *lexer)
{
	struct weir_slice text = lexer->text;
	size_t start = lexer->at;
	size_t len = count_digits(text, start);
	enum weir_token_kind kind = WEIR_TOKEN_INTEGER;

	if (at(text, start + len) == '.') {
		len += 1 + count_digits(text, start + len + 1);
		kind = WEIR_TOKEN_DECIMAL;
	}
	size_t exponent = exponent_length(text, start + len);
	if (exponent) {
		len += exponent;
		kind = WEIR_TOKEN_DOUBLE;
	}
	size_t word = 0;
	while (is_word_char(at(text, start + word)))
		word++;
	if (word > len && is_digit(at(text, start)))
		lex_word(lexer, word);
	else
		push(lexer, kind, len);
}

static size_t symbol_length(struct weir_slice text, size_t i)
{
	static const char *const two[] = { "->", "=>", "<=", ">=", "<>", "!=", "||", ":=" };

	for (size_t k = 0; k < sizeof two / sizeof *two; k++)
		if (at(text, i) == two[k][0] && at(text, i + 1) == two[k][1])
			return 2;
	return strchr("()[],.;*+-/%<>=", text.ptr[i]) && text.ptr[i] ? 1 : 0;
}

static bool lex_one(struct lexer *lexer)
{
	struct weir_slice text = lexer->text;
	char c = text.ptr[lexer->at];

	if (c == '\'' || c == '"' || c == '`')
		return lex_quoted(lexer);
	if (is_digit(c) || (c == '.' && is_digit(at(text, lexer->at + 1)))) {
		lex_number(lexer);
		return true;
	}
	if (is_letter(c) || c == '_') {
		size_t len = 0;
		while (is_word_char(at(text, lexer->at + len)))
			len++;
		lex_word(lexer, len);
		return true;
	}
	if (c == '$' && at(text, lexer->at + 1) == '{') {
		const char *end = memchr(text.ptr + lexer->at, '}', text.len - lexer->at);
		if (end) {
			push(lexer, WEIR_TOKEN_VARIABLE, (size_t)(end + 1 - text.ptr) - lexer->at);
			return true;
		}
	}
	size_t len = symbol_length(text, lexer->at);
	if (len) {
		push(lexer, WEIR_TOKEN_SYMBOL, len);
		return true;
	}
	char what[64];
	size_t bytes = 1;
	while (lexer->at + bytes < text.len && ((unsigned char)text.ptr[lexer->at + bytes] & 0xC0) == 0x80)
		bytes++;
	snprintf(what, sizeof what, "The character '%.*s' means nothing here", (int)bytes, text.ptr + lexer->at);
	return fail(lexer, bytes, what,
		"Names with other characters than letters, digits and _ are written in back-quotes: `my name`.");
}

bool weir_sql_tokenize(struct weir_arena *arena, struct weir_slice text, int line, int column, struct weir_token **ret_tokens,
	size_t *ret_count, struct weir_err *err)
{
	struct lexer lexer = { .arena = arena, .text = text, .line = line, .column = column, .err = err };

	if (text.len > WEIR_SQL_MAX_TEXT_BYTES)
		return weir_err_set(err, WEIR_E_SYNTAX, "The statement is longer than %zu bytes", WEIR_SQL_MAX_TEXT_BYTES);
	for (;;) {
		bool terminated;
		size_t blank = weir_sql_skip_blank(text, lexer.at, &terminated);
		if (!terminated)
			return fail(&lexer, 2, "This comment has no end", "Close it with */.");
		advance(&lexer, blank);
		if (lexer.at == text.len)
			break;
		if (!lex_one(&lexer))
			return false;
	}
	push(&lexer, WEIR_TOKEN_END, 0);
	*ret_tokens = lexer.tokens.items;
	*ret_count = lexer.tokens.count;
	return true;
}
