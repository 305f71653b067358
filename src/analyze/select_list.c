/* The SELECT list: `*` is expanded, columns get their names (semantics §4.1, §4.2). */
#include "analyze/query.h"

#include <ctype.h>

/* ---- Names ---- */

static bool is_used(const struct weir_query_analysis *query, struct weir_slice name)
{
	return weir_scope_count_sources_with(&query->scope, name) > 0;
}

static bool is_generated(const struct weir_query_analysis *query, struct weir_slice name)
{
	for (size_t i = 0; i < query->items.count; i++)
		if (!query->items.items[i].has_alias && weir_slice_equals(query->items.items[i].name, name))
			return true;
	return false;
}

/* KSQL_COL_0, KSQL_COL_1, …: free among source columns and names made before. */
static struct weir_slice generated_name(const struct weir_query_analysis *query)
{
	for (int n = 0;; n++) {
		struct weir_slice name = weir_arena_printf(query->arena, "KSQL_COL_%d", n);

		if (!is_used(query, name) && !is_generated(query, name))
			return name;
	}
}

/* Without a trailing _<digits>. */
static struct weir_slice base_name(struct weir_slice name)
{
	size_t end = name.len;

	while (end > 0 && isdigit((unsigned char)name.ptr[end - 1]))
		end--;
	if (end == name.len || end < 2 || name.ptr[end - 1] != '_')
		return name;
	return weir_slice_make(name.ptr, end - 1);
}

static struct weir_slice field_name(const struct weir_query_analysis *query, struct weir_slice field)
{
	struct weir_slice base = base_name(field), name = base;

	for (int n = 1; is_used(query, name) || is_generated(query, name); n++)
		name = weir_arena_printf(query->arena, "%.*s_%d", WEIR_SLICE_ARG(base), n);
	return name;
}

static struct weir_slice qualified_name(struct weir_arena *arena, struct weir_slice alias, struct weir_slice column)
{
	return weir_arena_printf(arena, "%.*s_%.*s", WEIR_SLICE_ARG(alias), WEIR_SLICE_ARG(column));
}

/* A column keeps its name; in a join, a name that several sources have gets its alias. */
static struct weir_slice column_name(const struct weir_query_analysis *query, const struct weir_sql_expr *ast)
{
	bool clashes = weir_scope_count_sources_with(&query->scope, ast->name) > 1 || weir_pseudo_of(ast->name) != WEIR_NOT_PSEUDO;

	if (!weir_query_is_join(query) || !clashes || !ast->qualifier.len)
		return ast->name;
	return qualified_name(query->arena, ast->qualifier, ast->name);
}

static struct weir_slice default_name(const struct weir_query_analysis *query, const struct weir_sql_expr *ast)
{
	if (ast->kind == WEIR_SQL_COLUMN)
		return column_name(query, ast);
	if (ast->kind == WEIR_SQL_FIELD)
		return field_name(query, ast->name);
	return generated_name(query);
}

/* ---- Items ---- */

static void push_item(struct weir_query_analysis *query, struct weir_select_item item)
{
	WEIR_VEC_PUSH_IN(query->arena, &query->items, item);
}

static void push_star_item(
	struct weir_query_analysis *query, const struct weir_sql_item *star, struct weir_slice name, const struct weir_expr *expr)
{
	push_item(query, (struct weir_select_item){ .name = name, .expr = expr, .place = star->place, .from_star = true });
}

static struct weir_builder builder_of(struct weir_query_analysis *query, const struct weir_sql_item *item, struct weir_slice text)
{
	return (struct weir_builder){ query->arena, { item->place.line, item->place.column, text } };
}

static void push_source_column(struct weir_query_analysis *query, const struct weir_sql_item *star, size_t source, size_t column)
{
	const struct weir_scope_source *from = &query->scope_sources[source];
	const struct weir_column *definition = &from->schema->columns[column];
	struct weir_slice name = definition->name;
	struct weir_builder builder = builder_of(query, star, definition->name);

	if (weir_query_is_join(query))
		name = qualified_name(query->arena, from->alias, name);
	push_star_item(query, star, name, weir_build_column(&builder, (int)(from->first_cell + column), definition->type));
}

static void push_window_bounds(struct weir_query_analysis *query, const struct weir_sql_item *star)
{
	static const enum weir_pseudo bounds[] = { WEIR_PSEUDO_WINDOWSTART, WEIR_PSEUDO_WINDOWEND };
	static const char *const names[] = { "WINDOWSTART", "WINDOWEND" };

	for (size_t i = 0; i < 2; i++) {
		struct weir_builder builder = builder_of(query, star, weir_slice_of(names[i]));
		struct weir_expr *expr = weir_build_node(&builder, WEIR_EXPR_PSEUDO, &weir_type_bigint, NULL, 0);

		expr->pseudo = bounds[i];
		push_star_item(query, star, builder.place.text, expr);
	}
}

static bool is_header(const struct weir_column *column)
{
	return column->role == WEIR_COLUMN_HEADERS || column->role == WEIR_COLUMN_HEADER;
}

/* Does PARTITION BY name the column itself? */
static bool is_new_key(const struct weir_query_analysis *query, size_t source, size_t column)
{
	int cell = (int)(query->scope_sources[source].first_cell + column);

	for (size_t i = 0; i < query->partition_by_count; i++)
		if (query->partition_by[i]->kind == WEIR_EXPR_COLUMN && query->partition_by[i]->index == cell)
			return true;
	return false;
}

/* Value columns, then header columns; `skips`: without those that became keys. */
static void push_value_columns(struct weir_query_analysis *query, const struct weir_sql_item *star, size_t source, bool skips)
{
	const struct weir_schema *schema = query->scope_sources[source].schema;

	for (size_t pass = 0; pass < 2; pass++)
		for (size_t i = schema->key_count; i < schema->count; i++)
			if (is_header(&schema->columns[i]) == (pass == 1) && !(skips && is_new_key(query, source, i)))
				push_source_column(query, star, source, i);
}

static void push_key_columns(struct weir_query_analysis *query, const struct weir_sql_item *star, size_t source, bool skips)
{
	for (size_t i = 0; i < query->scope_sources[source].schema->key_count; i++)
		if (!(skips && is_new_key(query, source, i)))
			push_source_column(query, star, source, i);
}

/* Keys, window bounds, values, headers. */
static void push_source_star(struct weir_query_analysis *query, const struct weir_sql_item *star, size_t source)
{
	push_key_columns(query, star, source, false);
	if (query->scope_sources[source].is_windowed && query->mode != WEIR_MODE_PERSISTENT)
		push_window_bounds(query, star);
	push_value_columns(query, star, source, false);
}

/* A join with PARTITION BY also shows each source's pseudo columns (§4.2). */
static void push_pseudo_cells(struct weir_query_analysis *query, const struct weir_sql_item *star, size_t source)
{
	static const char *const names[] = { "ROWTIME", "ROWPARTITION", "ROWOFFSET" };
	const struct weir_scope_source *from = &query->scope_sources[source];

	for (int i = 0; i < WEIR_SCOPE_PSEUDO_CELLS; i++) {
		struct weir_slice name = qualified_name(query->arena, from->alias, weir_slice_of(names[i]));
		struct weir_builder builder = builder_of(query, star, name);

		push_star_item(query, star, name,
			weir_build_column(&builder, (int)(from->first_cell + from->schema->count) + i,
				weir_pseudo_type((enum weir_pseudo)i)));
	}
}

/* A new key keeps the name that `*` gives its column. */
static struct weir_slice new_key_name(const struct weir_query_analysis *query, size_t key)
{
	const struct weir_expr *expr = query->partition_by[key];

	for (size_t i = 0; weir_query_is_join(query) && expr->kind == WEIR_EXPR_COLUMN && i < query->from_count; i++) {
		const struct weir_scope_source *source = &query->scope_sources[i];
		size_t column = (size_t)expr->index - source->first_cell;

		if ((size_t)expr->index >= source->first_cell && column < source->schema->count)
			return qualified_name(query->arena, source->alias, source->schema->columns[column].name);
	}
	return default_name(query, query->ast->partition_by[key]);
}

/* After PARTITION BY: the new keys, then each source's values, then the keys it had. */
static void push_partitioned_star(struct weir_query_analysis *query, const struct weir_sql_item *star)
{
	for (size_t i = 0; i < query->partition_by_count; i++)
		push_star_item(query, star, new_key_name(query, i), query->partition_by[i]);
	for (size_t i = 0; i < query->from_count; i++) {
		push_value_columns(query, star, i, true);
		if (weir_query_is_join(query))
			push_pseudo_cells(query, star, i);
		push_key_columns(query, star, i, true);
	}
}

static void push_synthetic_key(struct weir_query_analysis *query, const struct weir_sql_item *star)
{
	struct weir_builder builder = builder_of(query, star, query->scope.synthetic_key);

	push_star_item(query, star, query->scope.synthetic_key, weir_build_column(&builder, 0, query->scope.synthetic_key_type));
}

static void expand_star(struct weir_query_analysis *query, const struct weir_sql_item *star)
{
	if (query->partition_by_count || query->partitions_by_null) {
		push_partitioned_star(query, star);
		return;
	}
	if (query->scope.synthetic_key.len)
		push_synthetic_key(query, star);
	for (size_t i = 0; i < query->from_count; i++)
		push_source_star(query, star, i);
}

static bool expand_source_star(struct weir_query_analysis *query, const struct weir_sql_item *star, struct weir_err *err)
{
	for (size_t i = 0; i < query->from_count; i++) {
		if (!weir_slice_equals(query->scope_sources[i].alias, star->name))
			continue;
		push_source_star(query, star, i);
		return true;
	}
	return weir_err_set_at(err, WEIR_E_UNKNOWN_NAME, star->place.line, star->place.column,
		"'%.*s' is not a stream, table or alias of this query.", WEIR_SLICE_ARG(star->name));
}

static bool expand_struct_star(struct weir_query_analysis *query, const struct weir_sql_item *star, struct weir_err *err)
{
	struct weir_expression_context context = weir_query_context(query, "SELECT");
	const struct weir_expr *record, *field;

	if (!weir_analyze_expression(&context, star->expr, &record, err))
		return false;
	if (record->type->kind != WEIR_KIND_STRUCT)
		return weir_err_set_at(err, WEIR_E_TYPE, star->place.line, star->place.column,
			"'->*' needs a STRUCT, but %.*s is %s.", WEIR_SLICE_ARG(record->text), weir_kind_name(record->type->kind));
	for (size_t i = 0; i < record->type->field_count; i++) {
		struct weir_slice name = record->type->fields[i].name;
		struct weir_builder builder = builder_of(query, star,
			weir_arena_printf(query->arena, "%.*s->%.*s", WEIR_SLICE_ARG(record->text), WEIR_SLICE_ARG(name)));

		if (!weir_build_field(&builder, record, name, &field, err))
			return false;
		push_star_item(query, star, name, field);
	}
	return true;
}

/* ---- Written items ---- */

static bool check_name(
	const struct weir_query_analysis *query, const struct weir_sql_item *item, struct weir_slice name, struct weir_err *err)
{
	if (query->mode != WEIR_MODE_PERSISTENT || !weir_is_reserved_column(name))
		return true;
	weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, item->place.line, item->place.column,
		"SELECT: %.*s is a reserved column name.", WEIR_SLICE_ARG(name));
	return weir_err_advise(err, "Give the column another name with AS.");
}

static bool analyze_item(struct weir_query_analysis *query, const struct weir_sql_item *item, struct weir_err *err)
{
	struct weir_expression_context context = weir_query_context(query, "SELECT");
	struct weir_select_item result = { .place = item->place, .has_alias = item->name.len > 0 };

	context.aggregates = &query->aggregates;
	context.allows_window_bounds = query->ast->window != WEIR_SQL_WINDOW_NONE && query->from_count == 1;
	if (!query->from[0].source->is_table)
		context.table_calls = &query->table_calls;
	if (!weir_analyze_expression(&context, item->expr, &result.expr, err))
		return false;
	if (weir_expr_is_null_literal(result.expr)) {
		weir_err_set_at(err, WEIR_E_TYPE, item->place.line, item->place.column, "SELECT: a bare NULL has no type.");
		return weir_err_advise(err, "Cast it, for example CAST(NULL AS STRING).");
	}
	result.name = result.has_alias ? item->name : default_name(query, item->expr);
	if (!check_name(query, item, result.name, err))
		return false;
	push_item(query, result);
	return true;
}

/* Cells of the row that SELECT sees, before those of table functions. */
static int from_row_width(const struct weir_query_analysis *query)
{
	const struct weir_bound_from *last = &query->from[query->from_count - 1];

	return (int)last->row->count + (query->from_count == 1 && last->has_pseudo_cells ? WEIR_SCOPE_PSEUDO_CELLS : 0);
}

bool weir_analyze_select(struct weir_query_analysis *query, struct weir_err *err)
{
	query->table_calls.first_cell = from_row_width(query);
	for (size_t i = 0; i < query->ast->item_count; i++) {
		const struct weir_sql_item *item = &query->ast->items[i];
		bool ok = true;

		switch (item->kind) {
		case WEIR_SQL_ITEM_STAR:
			expand_star(query, item);
			break;
		case WEIR_SQL_ITEM_SOURCE_STAR:
			ok = expand_source_star(query, item, err);
			break;
		case WEIR_SQL_ITEM_STRUCT_STAR:
			ok = expand_struct_star(query, item, err);
			break;
		case WEIR_SQL_ITEM_EXPR:
			ok = analyze_item(query, item, err);
			break;
		}
		if (!ok)
			return false;
	}
	return true;
}
