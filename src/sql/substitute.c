/* Replaces ${name} before parsing, so that a value can never bring new structure into a statement. semantics.md §1.7. */
#include "sql/lexer.h"
#include "sql/parser.h"

typedef struct weir_slice (*lookup_fn)(void *ctx, struct weir_slice name);

struct substitution {
	struct weir_arena *arena;
	struct weir_buf out;
	lookup_fn lookup;
	void *ctx;
	struct weir_err *err;
};

/* The variable at text[at], or ptr NULL. *ret_len: bytes of `${name}`. */
static struct weir_slice variable_at(struct substitution *self, struct weir_slice text, size_t at, size_t *ret_len)
{
	struct weir_slice none = { 0 };

	if (at + 2 >= text.len || text.ptr[at] != '$' || text.ptr[at + 1] != '{')
		return none;
	const char *end = memchr(text.ptr + at, '}', text.len - at);
	if (!end)
		return none;
	*ret_len = (size_t)(end + 1 - (text.ptr + at));
	return self->lookup(self->ctx, weir_slice_make(text.ptr + at + 2, *ret_len - 3));
}

static void inside_string(struct substitution *self, struct weir_slice text)
{
	for (size_t i = 0; i < text.len;) {
		size_t len = 1;
		struct weir_slice value = i > 0 ? variable_at(self, text, i, &len) : (struct weir_slice){ 0 };
		if (!value.ptr) {
			weir_buf_append_byte(&self->out, text.ptr[i++]);
			continue;
		}
		for (size_t k = 0; k < value.len; k++) {
			if (value.ptr[k] == '\'')
				weir_buf_append_byte(&self->out, '\'');
			weir_buf_append_byte(&self->out, value.ptr[k]);
		}
		i += len;
	}
}

/* Outside of strings a value must be exactly one literal or one name. */
static bool is_one_token(struct substitution *self, struct weir_slice value)
{
	struct weir_token *tokens;
	size_t count;
	struct weir_err ignored;

	if (!weir_sql_tokenize(self->arena, value, 1, 1, &tokens, &count, &ignored))
		return false;
	size_t first = count == 3 && tokens[0].kind == WEIR_TOKEN_SYMBOL && weir_slice_is(tokens[0].text, "-") ? 1 : 0;
	if (count != first + 2)
		return false;
	enum weir_token_kind kind = tokens[first].kind;
	if (first)
		return kind == WEIR_TOKEN_INTEGER || kind == WEIR_TOKEN_DECIMAL || kind == WEIR_TOKEN_DOUBLE;
	if (kind == WEIR_TOKEN_WORD)
		return !tokens[0].is_reserved || weir_slice_is(tokens[0].name, "TRUE") || weir_slice_is(tokens[0].name, "FALSE");
	return kind != WEIR_TOKEN_SYMBOL && kind != WEIR_TOKEN_VARIABLE;
}

static bool outside_string(struct substitution *self, struct weir_slice value, struct weir_slice name)
{
	if (!is_one_token(self, value)) {
		weir_err_set(self->err, WEIR_E_SYNTAX, "The variable %.*s holds \"%.*s\", which is neither a literal nor a name",
			WEIR_SLICE_ARG(name), WEIR_SLICE_ARG(value));
		return weir_err_advise(
			self->err, "A variable can stand for one literal ('text', 12, TRUE) or one name, not for a piece of SQL.");
	}
	weir_buf_append_slice(&self->out, value);
	return true;
}

bool weir_sql_substitute(struct weir_arena *arena, struct weir_slice text,
	struct weir_slice (*lookup)(void *ctx, struct weir_slice name), void *ctx, struct weir_slice *ret_text,
	struct weir_err *err)
{
	struct substitution self = { .arena = arena, .lookup = lookup, .ctx = ctx, .err = err };
	bool ok = true;

	if (!memmem(text.ptr, text.len, "${", 2)) {
		*ret_text = text;
		return true;
	}
	weir_buf_init(&self.out, WEIR_SQL_MAX_TEXT_BYTES);
	for (size_t i = 0; ok && i < text.len;) {
		bool terminated;
		size_t len = weir_sql_skip_blank(text, i, &terminated);
		if (!len && text.ptr[i] == '\'' && (len = weir_sql_quoted_length(text, i))) {
			inside_string(&self, weir_slice_make(text.ptr + i, len));
			i += len;
			continue;
		}
		struct weir_slice value = len ? (struct weir_slice){ 0 } : variable_at(&self, text, i, &len);
		if (value.ptr) {
			ok = outside_string(&self, value, weir_slice_make(text.ptr + i, len));
		} else {
			len = len && text.ptr[i] != '$' ? len : 1;
			weir_buf_append(&self.out, text.ptr + i, len);
		}
		i += len;
	}
	if (ok)
		*ret_text = weir_arena_copy(arena, weir_buf_slice(&self.out));
	weir_buf_fini(&self.out);
	return ok;
}
