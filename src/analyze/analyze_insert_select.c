/* INSERT INTO stream [WITH (QUERY_ID = …)] SELECT …  (semantics §2.5). */
#include "analyze/statements.h"

#include <ctype.h>

static bool at_name(const struct weir_sql_statement *ast, enum weir_err_code code, struct weir_err *err, const char *text)
{
	return weir_err_set_at(
		err, code, ast->name_place.line, ast->name_place.column, "'%.*s' %s", WEIR_SLICE_ARG(ast->name), text);
}

static bool check_target(const struct weir_sql_statement *ast, const struct weir_source *target, struct weir_err *err)
{
	if (target->is_table)
		return at_name(ast, WEIR_E_INVALID_STATEMENT, err, "is a table: INSERT INTO … SELECT writes into streams only.");
	if (target->is_read_only)
		return at_name(ast, WEIR_E_READ_ONLY, err, "is a SOURCE stream, which is read-only.");
	for (size_t i = 0; i < target->schema->count; i++)
		if (target->schema->columns[i].role >= WEIR_COLUMN_HEADERS)
			return at_name(ast, WEIR_E_INVALID_STATEMENT, err, "has header columns, which cannot be written.");
	return true;
}

/* ---- The result's columns against the target's ---- */

static bool mismatch(const struct weir_sql_statement *ast, const struct weir_bound_query *query, const struct weir_source *target,
	struct weir_err *err)
{
	struct weir_buf text;

	weir_buf_init(&text, WEIR_ERR_TEXT_BYTES / 2);
	weir_buf_append_text(&text, "the query gives ");
	weir_schema_print(&text, query->schema, false);
	weir_buf_append_text(&text, ", the stream has ");
	weir_schema_print(&text, target->schema, false);
	weir_err_set_at(err, WEIR_E_TYPE, ast->place.line, ast->place.column, "The columns do not match those of %.*s: %s.",
		WEIR_SLICE_ARG(target->name), weir_buf_cstr(&text));
	weir_buf_fini(&text);
	return weir_err_advise(err, "Names, types and order must be equal; use AS and CAST.");
}

/* The one difference in types that is allowed: a DECIMAL with room for all digits. (Whole numbers only as literals.) */
static bool decimal_widens(const struct weir_expr *expr, const struct weir_type *to)
{
	const struct weir_type *from = expr->type;

	if (expr->kind == WEIR_EXPR_LITERAL && from->kind <= WEIR_KIND_BIGINT && to->kind == WEIR_KIND_DECIMAL)
		return from->kind >= WEIR_KIND_INTEGER;
	return from->kind == WEIR_KIND_DECIMAL && to->kind == WEIR_KIND_DECIMAL && to->scale >= from->scale &&
	       to->precision - to->scale >= from->precision - from->scale;
}

static bool fit_columns(struct weir_arena *arena, const struct weir_sql_statement *ast, const struct weir_source *target,
	struct weir_bound_query *query, struct weir_err *err)
{
	struct weir_bound_column *columns = WEIR_ARENA_ARRAY(arena, struct weir_bound_column, query->column_count + 1);

	if (query->column_count != target->schema->count || query->key_count != target->schema->key_count)
		return mismatch(ast, query, target, err);
	for (size_t i = 0; i < query->column_count; i++) {
		const struct weir_column *wanted = &target->schema->columns[i];
		const struct weir_bound_column *given = &query->columns[i];

		if (!weir_slice_equals(wanted->name, given->name) ||
			(!weir_type_equals(wanted->type, given->type) && !decimal_widens(given->expr, wanted->type)))
			return mismatch(ast, query, target, err);
		columns[i] = (struct weir_bound_column){ given->name, wanted->type,
			weir_build_cast(arena, given->expr, wanted->type, WEIR_CAST_WRITTEN) };
	}
	query->columns = columns;
	query->schema = target->schema;
	return true;
}

/* ---- QUERY_ID ---- */

static bool check_query_id(
	const struct weir_analyze_env *env, const struct weir_with *with, struct weir_slice id, struct weir_err *err)
{
	static const char *const prefixes[] = { "INSERTQUERY_", "CTAS_", "CSAS_", "CST_" };

	for (size_t i = 0; i < id.len; i++)
		if (!isalnum((unsigned char)id.ptr[i]) && id.ptr[i] != '_')
			return weir_with_error(with, WEIR_WITH_QUERY_ID, err, "a query id has only letters, digits and '_'.");
	for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
		if (weir_slice_starts_with(id, weir_slice_of(prefixes[i])))
			return weir_with_error(with, WEIR_WITH_QUERY_ID, err, "a query id cannot start with %s.", prefixes[i]);
	if (!id.len)
		return weir_with_error(with, WEIR_WITH_QUERY_ID, err, "a query id cannot be empty.");
	if (weir_catalog_query(env->catalog, id))
		return weir_with_error(
			with, WEIR_WITH_QUERY_ID, err, "there is a query with the id %.*s already.", WEIR_SLICE_ARG(id));
	return true;
}

static struct weir_slice upper_case(struct weir_arena *arena, struct weir_slice text)
{
	char *copy = weir_arena_alloc(arena, text.len + 1);

	for (size_t i = 0; i < text.len; i++)
		copy[i] = (char)toupper((unsigned char)text.ptr[i]);
	return weir_slice_make(copy, text.len);
}

bool weir_analyze_insert_select(const struct weir_analyze_env *env, struct weir_arena *arena, const struct weir_sql_statement *ast,
	struct weir_bound_statement *ret, struct weir_err *err)
{
	const struct weir_source *target = weir_require_source(env, ast, err);
	struct weir_bound_query *query = WEIR_ARENA_NEW(arena, struct weir_bound_query);
	struct weir_slice id = { 0 };
	struct weir_with with;

	if (!target || !check_target(ast, target, err) || !weir_with_parse(ast, WEIR_WITH_FOR_INSERT, &with, err))
		return false;
	if (weir_with_has(&with, WEIR_WITH_QUERY_ID)) {
		id = upper_case(arena, weir_with_text(&with, WEIR_WITH_QUERY_ID));
		if (!check_query_id(env, &with, id, err))
			return false;
	}
	if (!weir_analyze_query(env, arena, ast->query, WEIR_MODE_PERSISTENT, target->name, query, err))
		return false;
	if (query->is_table)
		return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, ast->place.line, ast->place.column,
			"The query produces a table, which cannot be inserted into the stream '%.*s'.",
			WEIR_SLICE_ARG(target->name));
	if (!fit_columns(arena, ast, target, query, err))
		return false;
	ret->kind = WEIR_BOUND_INSERT_SELECT;
	ret->insert_select = (struct weir_bound_insert_select){ .target = target, .query = query, .query_id = id };
	return true;
}
