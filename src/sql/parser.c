/* The cursor, the pieces all statements share, and the table of first words. */
#include "sql/parse_int.h"

#include <stdarg.h>
#include <stdio.h>

const struct weir_token *weir_parser_peek(const struct weir_parser *parser, size_t ahead)
{
	size_t i = parser->at + ahead;

	return &parser->tokens[i < parser->count ? i : parser->count - 1];
}

const struct weir_token *weir_parser_take(struct weir_parser *parser)
{
	const struct weir_token *token = weir_parser_peek(parser, 0);

	if (parser->at + 1 < parser->count)
		parser->at++;
	return token;
}

bool weir_parser_is_word(const struct weir_parser *parser, size_t ahead, const char *word)
{
	const struct weir_token *token = weir_parser_peek(parser, ahead);

	return token->kind == WEIR_TOKEN_WORD && weir_slice_is(token->name, word);
}

bool weir_parser_is_symbol(const struct weir_parser *parser, size_t ahead, const char *symbol)
{
	const struct weir_token *token = weir_parser_peek(parser, ahead);

	return token->kind == WEIR_TOKEN_SYMBOL && weir_slice_is(token->text, symbol);
}

bool weir_parser_accept(struct weir_parser *parser, const char *word)
{
	if (!weir_parser_is_word(parser, 0, word))
		return false;
	weir_parser_take(parser);
	return true;
}

bool weir_parser_accept_symbol(struct weir_parser *parser, const char *symbol)
{
	if (!weir_parser_is_symbol(parser, 0, symbol))
		return false;
	weir_parser_take(parser);
	return true;
}

bool weir_parser_fail_at(struct weir_parser *parser, struct weir_sql_place place, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	weir_err_set_at(parser->err, WEIR_E_SYNTAX, place.line, place.column, "%s", text);
	parser->err->span = place.len;
	return false;
}

static void describe_token(const struct weir_token *token, char *text, size_t size)
{
	if (token->kind == WEIR_TOKEN_END)
		snprintf(text, size, "the end of the statement");
	else
		snprintf(text, size, "'%.*s%s'", (int)(token->text.len > 60 ? 60 : token->text.len), token->text.ptr,
			token->text.len > 60 ? "…" : "");
}

bool weir_parser_fail(struct weir_parser *parser, const char *expected)
{
	const struct weir_token *token = weir_parser_peek(parser, 0);
	char found[160];

	describe_token(token, found, sizeof found);
	weir_parser_fail_at(parser, token->place, "Expected %s, found %s", expected, found);
	if (token->kind == WEIR_TOKEN_VARIABLE)
		return weir_err_advise(parser->err, "The variable is not defined: DEFINE it first.");
	return false;
}

bool weir_parser_expect(struct weir_parser *parser, const char *word)
{
	return weir_parser_accept(parser, word) || weir_parser_fail(parser, word);
}

bool weir_parser_expect_symbol(struct weir_parser *parser, const char *symbol)
{
	char expected[8];

	if (weir_parser_accept_symbol(parser, symbol))
		return true;
	snprintf(expected, sizeof expected, "'%s'", symbol);
	return weir_parser_fail(parser, expected);
}

struct weir_sql_place weir_parser_place_since(const struct weir_parser *parser, struct weir_sql_place start)
{
	const struct weir_token *last = &parser->tokens[parser->at ? parser->at - 1 : 0];

	start.len = last->place.offset + last->place.len > start.offset ? last->place.offset + last->place.len - start.offset : 0;
	return start;
}

/* ---- Shared pieces ---- */

bool weir_parse_name(struct weir_parser *parser, const char *what, struct weir_slice *ret_name, struct weir_sql_place *ret_place)
{
	const struct weir_token *token = weir_parser_peek(parser, 0);

	if (token->kind == WEIR_TOKEN_WORD && token->is_reserved) {
		weir_parser_fail_at(
			parser, token->place, "Expected %s, but %.*s is a reserved word", what, WEIR_SLICE_ARG(token->name));
		return weir_err_advise(
			parser->err, "Write `%.*s` in back-quotes to use it as a name.", WEIR_SLICE_ARG(token->name));
	}
	if (token->kind != WEIR_TOKEN_WORD && token->kind != WEIR_TOKEN_QUOTED_NAME)
		return weir_parser_fail(parser, what);
	weir_parser_take(parser);
	*ret_name = token->name;
	if (ret_place)
		*ret_place = token->place;
	return true;
}

static bool is_source_name(struct weir_slice name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-'))
			return false;
	}
	return name.len > 0;
}

bool weir_parse_source_name(
	struct weir_parser *parser, const char *what, struct weir_slice *ret_name, struct weir_sql_place *ret_place)
{
	struct weir_slice name;
	struct weir_sql_place place;

	if (!weir_parse_name(parser, what, &name, &place))
		return false;
	if (!is_source_name(name)) {
		weir_parser_fail_at(parser, place, "'%.*s' cannot be the name of a stream or table", WEIR_SLICE_ARG(name));
		return weir_err_advise(parser->err, "Names of streams and tables are made of letters, digits, _ and -.");
	}
	*ret_name = name;
	if (ret_place)
		*ret_place = place;
	return true;
}

bool weir_parse_name_or_string(
	struct weir_parser *parser, const char *what, struct weir_slice *ret_name, struct weir_sql_place *ret_place)
{
	const struct weir_token *token = weir_parser_peek(parser, 0);

	if (token->kind != WEIR_TOKEN_STRING)
		return weir_parse_name(parser, what, ret_name, ret_place);
	weir_parser_take(parser);
	*ret_name = token->name;
	if (ret_place)
		*ret_place = token->place;
	return true;
}

bool weir_parse_string(struct weir_parser *parser, const char *what, struct weir_slice *ret_text)
{
	if (weir_parser_peek(parser, 0)->kind != WEIR_TOKEN_STRING)
		return weir_parser_fail(parser, what);
	*ret_text = weir_parser_take(parser)->name;
	return true;
}

bool weir_parse_integer(struct weir_parser *parser, const char *what, int64_t *ret_value)
{
	bool negative = weir_parser_accept_symbol(parser, "-");
	const struct weir_token *token = weir_parser_peek(parser, 0);
	int64_t value;

	if (token->kind != WEIR_TOKEN_INTEGER)
		return weir_parser_fail(parser, what);
	if (!weir_slice_to_i64(token->text, &value))
		return weir_parser_fail_at(parser, token->place, "%.*s is too large a number", WEIR_SLICE_ARG(token->text));
	weir_parser_take(parser);
	*ret_value = negative ? -value : value;
	return true;
}

bool weir_parse_duration(struct weir_parser *parser, struct weir_sql_duration *ret)
{
	static const struct {
		const char *one, *many;
		int64_t ms;
	} units[] = { { "DAY", "DAYS", 86400000 }, { "HOUR", "HOURS", 3600000 }, { "MINUTE", "MINUTES", 60000 },
		{ "SECOND", "SECONDS", 1000 }, { "MILLISECOND", "MILLISECONDS", 1 } };
	const struct weir_token *number = weir_parser_peek(parser, 0);
	int64_t amount, product;

	if (!weir_parse_integer(parser, "a number", &amount))
		return false;
	const struct weir_token *unit = weir_parser_peek(parser, 0);
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (!weir_parser_is_word(parser, 0, units[i].one) && !weir_parser_is_word(parser, 0, units[i].many))
			continue;
		weir_parser_take(parser);
		if (__builtin_mul_overflow(amount, units[i].ms, &product))
			return weir_parser_fail_at(parser, number->place, "This duration is too long");
		*ret = (struct weir_sql_duration){ .amount = amount, .unit_ms = units[i].ms, .unit = unit->name };
		return true;
	}
	return weir_parser_fail(parser, "a time unit (DAYS, HOURS, MINUTES, SECONDS or MILLISECONDS)");
}

bool weir_parse_if_exists(struct weir_parser *parser, bool negated, bool *ret)
{
	*ret = false;
	if (!weir_parser_is_word(parser, 0, "IF") || !weir_parser_is_word(parser, 1, negated ? "NOT" : "EXISTS"))
		return true;
	weir_parser_take(parser);
	if (negated && !weir_parser_expect(parser, "NOT"))
		return false;
	*ret = true;
	return weir_parser_expect(parser, "EXISTS");
}

/* ---- Statements ---- */

static bool parse_select(struct weir_parser *parser, struct weir_sql_statement *statement)
{
	parser->at--; /* the query begins with its SELECT */
	statement->kind = WEIR_SQL_SELECT;
	return weir_parse_query(parser, &statement->query);
}

struct first_word {
	const char *word;
	bool (*parse)(struct weir_parser *parser, struct weir_sql_statement *statement);
};

static const struct first_word first_words[] = {
	{ "SELECT", parse_select },
	{ "CREATE", weir_parse_create },
	{ "INSERT", weir_parse_insert },
	{ "DROP", weir_parse_drop },
	{ "ALTER", weir_parse_alter },
	{ "SHOW", weir_parse_show },
	{ "LIST", weir_parse_show },
	{ "DESCRIBE", weir_parse_describe },
	{ "EXPLAIN", weir_parse_explain },
	{ "PRINT", weir_parse_print },
	{ "ASSERT", weir_parse_assert },
	{ "SET", weir_parse_set },
	{ "UNSET", weir_parse_unset },
	{ "DEFINE", weir_parse_define },
	{ "UNDEFINE", weir_parse_undefine },
	{ "TERMINATE", weir_parse_terminate },
	{ "PAUSE", weir_parse_pause },
	{ "RESUME", weir_parse_resume },
	{ "RUN", weir_parse_run },
};

static size_t edit_distance(struct weir_slice a, const char *b)
{
	size_t row[32], len = strlen(b);

	if (a.len > 30 || len > 30)
		return 99;
	for (size_t j = 0; j <= len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= len; j++) {
			size_t best = diagonal + (a.ptr[i - 1] != b[j - 1]);
			diagonal = row[j];
			best = best < row[j] + 1 ? best : row[j] + 1;
			row[j] = best < row[j - 1] + 1 ? best : row[j - 1] + 1;
		}
	}
	return row[len];
}

static bool fail_first_word(struct weir_parser *parser)
{
	const struct weir_token *token = weir_parser_peek(parser, 0);
	const char *nearest = NULL;
	size_t best = 4;

	for (size_t i = 0; token->kind == WEIR_TOKEN_WORD && i < sizeof first_words / sizeof *first_words; i++) {
		size_t distance = edit_distance(token->name, first_words[i].word);
		if (distance < best && distance * 2 < strlen(first_words[i].word)) {
			best = distance;
			nearest = first_words[i].word;
		}
	}
	weir_parser_fail_at(parser, token->place, "No statement begins with '%.*s'", WEIR_SLICE_ARG(token->text));
	if (nearest)
		return weir_err_advise(parser->err, "Did you mean %s?", nearest);
	return weir_err_advise(
		parser->err, "Statements begin with SELECT, CREATE, INSERT, DROP, SHOW, DESCRIBE, EXPLAIN, PRINT, SET, …");
}

bool weir_parse_statement(struct weir_parser *parser, struct weir_sql_statement *statement)
{
	for (size_t i = 0; i < sizeof first_words / sizeof *first_words; i++)
		if (weir_parser_accept(parser, first_words[i].word))
			return first_words[i].parse(parser, statement);
	return fail_first_word(parser);
}

static bool start(
	struct weir_parser *parser, struct weir_arena *arena, struct weir_slice text, int line, int column, struct weir_err *err)
{
	struct weir_token *tokens;

	*parser = (struct weir_parser){ .arena = arena, .text = text, .err = err };
	if (!weir_sql_tokenize(arena, text, line, column, &tokens, &parser->count, err))
		return false;
	parser->tokens = tokens;
	return true;
}

bool weir_sql_parse_statement(struct weir_arena *arena, struct weir_slice text, int line, int column,
	const struct weir_sql_statement **ret, struct weir_err *err)
{
	struct weir_parser parser;
	struct weir_sql_statement *statement = WEIR_ARENA_NEW(arena, struct weir_sql_statement);

	if (!start(&parser, arena, text, line, column, err))
		return false;
	statement->text = weir_slice_trim(text);
	statement->place = weir_parser_peek(&parser, 0)->place;
	if (!weir_parse_statement(&parser, statement))
		return false;
	if (!weir_parser_accept_symbol(&parser, ";") && weir_parser_peek(&parser, 0)->kind != WEIR_TOKEN_END)
		return weir_parser_fail(&parser, "';'");
	if (weir_parser_peek(&parser, 0)->kind != WEIR_TOKEN_END)
		return weir_parser_fail(&parser, "the end of the statement");
	statement->place = weir_parser_place_since(&parser, statement->place);
	*ret = statement;
	return true;
}

bool weir_sql_parse(struct weir_arena *arena, struct weir_slice text, const struct weir_sql_statement *const **ret,
	size_t *ret_count, struct weir_err *err)
{
	WEIR_VEC(const struct weir_sql_statement *) statements = { 0 };
	int line = 1, column = 1;

	for (;;) {
		struct weir_slice piece;
		int piece_line, piece_column;
		bool found;
		const struct weir_sql_statement *statement;
		if (!weir_sql_next_statement(&text, &line, &column, &piece, &piece_line, &piece_column, &found, err))
			return false;
		if (!found)
			break;
		if (!weir_sql_parse_statement(arena, piece, piece_line, piece_column, &statement, err))
			return false;
		WEIR_VEC_PUSH_IN(arena, &statements, statement);
	}
	*ret = statements.items;
	*ret_count = statements.count;
	return true;
}

static bool expect_end(struct weir_parser *parser)
{
	return weir_parser_peek(parser, 0)->kind == WEIR_TOKEN_END || weir_parser_fail(parser, "nothing more");
}

bool weir_sql_parse_expression(
	struct weir_arena *arena, struct weir_slice text, const struct weir_sql_expr **ret, struct weir_err *err)
{
	struct weir_parser parser;

	return start(&parser, arena, text, 1, 1, err) && weir_parse_expression(&parser, ret) && expect_end(&parser);
}

bool weir_sql_parse_type(struct weir_arena *arena, struct weir_slice text, const struct weir_sql_type **ret, struct weir_err *err)
{
	struct weir_parser parser;

	return start(&parser, arena, text, 1, 1, err) && weir_parse_type(&parser, ret) && expect_end(&parser);
}
