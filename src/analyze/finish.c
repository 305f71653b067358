/* From a select list to a result: which columns are its keys, in which order, and the bound query (semantics §4.5, §8.3). */
#include "analyze/query.h"

/* Which item stands for which key; and the keys themselves. */
struct result_keys {
	size_t count;
	const struct weir_expr **exprs; /* over the from row, or the aggregate row */
	int *items;                     /* -1: none */
};

/* ---- What the keys are ---- */

static struct result_keys new_keys(struct weir_query_analysis *query, size_t count)
{
	struct result_keys keys = {
		.count = count,
		.exprs = WEIR_ARENA_ARRAY(query->arena, const struct weir_expr *, count + 1),
		.items = WEIR_ARENA_ARRAY(query->arena, int, count + 1),
	};

	for (size_t i = 0; i < count; i++)
		keys.items[i] = -1;
	return keys;
}

static const struct weir_expr *column_expr(
	struct weir_query_analysis *query, size_t index, const struct weir_type *type, struct weir_slice text)
{
	struct weir_builder builder = { query->arena, { 0, 0, text } };

	return weir_build_column(&builder, (int)index, type);
}

static struct result_keys source_keys(struct weir_query_analysis *query)
{
	const struct weir_schema *schema = query->from[0].source->schema;
	struct result_keys keys = new_keys(query, schema->key_count);

	for (size_t i = 0; i < keys.count; i++)
		keys.exprs[i] = column_expr(query, i, schema->columns[i].type, schema->columns[i].name);
	return keys;
}

static struct result_keys listed_keys(struct weir_query_analysis *query, const struct weir_expr **exprs, size_t count)
{
	struct result_keys keys = new_keys(query, count);

	for (size_t i = 0; i < count; i++)
		keys.exprs[i] = exprs[i];
	return keys;
}

/* ---- Matching items ---- */

static bool name_twice(
	const struct weir_query_analysis *query, const struct weir_expr *key, size_t first, size_t second, struct weir_err *err)
{
	const struct weir_select_item *a = &query->items.items[first], *b = &query->items.items[second];

	weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, b->place.line, b->place.column,
		"SELECT contains the key column %.*s more than once, as %.*s and %.*s.", WEIR_SLICE_ARG(key->text),
		WEIR_SLICE_ARG(a->name), WEIR_SLICE_ARG(b->name));
	return weir_err_advise(err, "Use AS_VALUE(%.*s) for the copy that shall be a value.", WEIR_SLICE_ARG(key->text));
}

static bool match_items(const struct weir_query_analysis *query, struct result_keys *keys, struct weir_err *err)
{
	for (size_t k = 0; k < keys->count; k++) {
		for (size_t i = 0; i < query->items.count; i++) {
			if (!weir_expr_equals(keys->exprs[k], query->items.items[i].expr))
				continue;
			if (keys->items[k] < 0)
				keys->items[k] = (int)i;
			else if (query->mode == WEIR_MODE_PERSISTENT)
				return name_twice(query, keys->exprs[k], (size_t)keys->items[k], i, err);
		}
	}
	return true;
}

/* A join has one key; the first of its viable columns that is selected stands for it. */
static bool match_join(struct weir_query_analysis *query, struct result_keys *ret, struct weir_err *err)
{
	const struct weir_type *type = query->from[query->from_count - 1].row->columns[0].type;
	struct result_keys keys = new_keys(query, 1);

	for (size_t v = 0; v < query->viable_count && keys.items[0] < 0; v++) {
		const struct weir_scope_source *source = &query->scope_sources[query->viable[v].source];
		const struct weir_column *column = &source->schema->columns[query->viable[v].column];

		keys.exprs[0] = column_expr(query, source->first_cell + (size_t)query->viable[v].column, type,
			weir_arena_printf(query->arena, "%.*s.%.*s", WEIR_SLICE_ARG(source->alias), WEIR_SLICE_ARG(column->name)));
		if (!match_items(query, &keys, err))
			return false;
	}
	if (query->viable_count == 0) {
		keys.exprs[0] = column_expr(query, 0, type, query->scope.synthetic_key);
		if (!match_items(query, &keys, err))
			return false;
	}
	if (keys.items[0] >= 0)
		keys.exprs[0] = column_expr(query, 0, type, WEIR_SLICE("ROWKEY"));
	*ret = keys;
	return true;
}

/* ---- What is missing ---- */

static void list_viable(const struct weir_query_analysis *query, struct weir_buf *out)
{
	for (size_t v = 0; v < query->viable_count; v++) {
		const struct weir_scope_source *source = &query->scope_sources[query->viable[v].source];

		weir_buf_printf(out, "%s%.*s.%.*s", v ? " or " : "", WEIR_SLICE_ARG(source->alias),
			WEIR_SLICE_ARG(source->schema->columns[query->viable[v].column].name));
	}
	if (!query->viable_count)
		weir_buf_append_slice(out, query->scope.synthetic_key);
}

static void list_missing(const struct weir_query_analysis *query, const struct result_keys *keys, struct weir_buf *out)
{
	if (weir_query_is_join(query) && query->key_kind == WEIR_KEY_OF_SOURCE) {
		list_viable(query, out);
		return;
	}
	for (size_t k = 0; k < keys->count; k++) {
		if (keys->items[k] >= 0)
			continue;
		if (out->len)
			weir_buf_append_text(out, " and ");
		weir_buf_append_slice(out, keys->exprs[k]->text);
	}
}

static bool check_complete(const struct weir_query_analysis *query, const struct result_keys *keys, struct weir_err *err)
{
	static const char *const what[] = {
		[WEIR_KEY_OF_SOURCE] = "key column",
		[WEIR_KEY_GROUPED] = "grouping expression",
		[WEIR_KEY_PARTITIONED] = "partitioning expression",
		[WEIR_KEY_NONE] = "",
	};
	struct weir_buf missing;

	weir_buf_init(&missing, WEIR_ERR_TEXT_BYTES / 2);
	for (size_t k = 0; k < keys->count; k++)
		if (keys->items[k] < 0 && !missing.len)
			list_missing(query, keys, &missing);
	bool ok = missing.len == 0;
	if (!ok) {
		weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, query->ast->place.line, query->ast->place.column,
			"SELECT lacks the %s %s, which must be the key of %.*s.", what[query->key_kind], weir_buf_cstr(&missing),
			query->sink_name.len ? (int)query->sink_name.len : 10,
			query->sink_name.len ? query->sink_name.ptr : "the result");
		weir_err_advise(err, "Add %s to the SELECT list.%s", weir_buf_cstr(&missing),
			query->scope.synthetic_key.len
				? " No column of the sources holds the join's key, so it got a name of its own."
				: "");
	}
	weir_buf_fini(&missing);
	return ok;
}

/* ---- The result ---- */

static bool check_names(const struct weir_query_analysis *query, const struct weir_bound_column *columns, size_t count,
	const struct weir_sql_place *const *places, struct weir_err *err)
{
	for (size_t i = 0; query->mode == WEIR_MODE_PERSISTENT && i < count; i++)
		for (size_t j = 0; j < i; j++)
			if (weir_slice_equals(columns[i].name, columns[j].name)) {
				weir_err_set_at(err, WEIR_E_DUPLICATE_NAME, places[i]->line, places[i]->column,
					"SELECT: two columns are called '%.*s'.", WEIR_SLICE_ARG(columns[i].name));
				return weir_err_advise(err, "Give one of them another name with AS.");
			}
	return true;
}

static bool is_key_item(const struct result_keys *keys, size_t item, size_t *ret_key)
{
	for (size_t k = 0; k < keys->count; k++) {
		if (keys->items[k] != (int)item)
			continue;
		*ret_key = k;
		return true;
	}
	return false;
}

/* Keys first, then the other items; *result_order says where each item went. */
static bool place_columns(
	struct weir_query_analysis *query, const struct result_keys *keys, struct weir_bound_query *ret, struct weir_err *err)
{
	size_t count = query->items.count, at = 0;
	struct weir_bound_column *columns = WEIR_ARENA_ARRAY(query->arena, struct weir_bound_column, count + 1);
	const struct weir_sql_place **places = WEIR_ARENA_ARRAY(query->arena, const struct weir_sql_place *, count + 1);
	int *order = WEIR_ARENA_ARRAY(query->arena, int, count + 1);

	for (size_t k = 0; k < keys->count; k++) {
		if (keys->items[k] < 0)
			continue;
		const struct weir_select_item *item = &query->items.items[keys->items[k]];
		columns[at] = (struct weir_bound_column){ item->name, item->expr->type, keys->exprs[k] };
		places[at] = &item->place;
		order[keys->items[k]] = (int)at++;
	}
	ret->key_count = at;
	for (size_t i = 0; i < count; i++) {
		const struct weir_select_item *item = &query->items.items[i];
		const struct weir_expr *expr = item->expr;
		size_t key;

		if (is_key_item(keys, i, &key))
			continue;
		if (query->is_aggregate && !weir_rewrite_for_aggregate(query, expr, "SELECT", &expr, err))
			return false;
		columns[at] = (struct weir_bound_column){ item->name, item->expr->type, expr };
		places[at] = &item->place;
		order[i] = (int)at++;
	}
	ret->columns = columns;
	ret->column_count = at;
	ret->result_order = query->mode == WEIR_MODE_PERSISTENT ? NULL : order;
	return check_names(query, columns, at, places, err);
}

static const struct weir_schema *result_schema(struct weir_arena *arena, const struct weir_bound_query *query)
{
	struct weir_column *columns = WEIR_ARENA_ARRAY(arena, struct weir_column, query->column_count + 1);
	struct weir_schema *schema = WEIR_ARENA_NEW(arena, struct weir_schema);

	for (size_t i = 0; i < query->column_count; i++)
		columns[i] = (struct weir_column){
			.name = query->columns[i].name,
			.type = query->columns[i].type,
			.role = i < query->key_count ? WEIR_COLUMN_KEY : WEIR_COLUMN_VALUE,
		};
	*schema = (struct weir_schema){ .columns = columns, .count = query->column_count, .key_count = query->key_count };
	return schema;
}

/* Keys and aggregates; names as in plans. */
static const struct weir_schema *aggregate_row(struct weir_query_analysis *query)
{
	size_t count = query->group_by_count + query->aggregates.items.count;
	struct weir_column *columns = WEIR_ARENA_ARRAY(query->arena, struct weir_column, count + 1);
	struct weir_schema *schema = WEIR_ARENA_NEW(query->arena, struct weir_schema);

	for (size_t i = 0; i < query->group_by_count; i++)
		columns[i] = (struct weir_column){ query->group_by[i]->text, query->group_by[i]->type, WEIR_COLUMN_KEY, { 0 } };
	for (size_t i = 0; i < query->aggregates.items.count; i++) {
		const struct weir_bound_aggregate *aggregate = &query->aggregates.items.items[i];

		columns[query->group_by_count + i] =
			(struct weir_column){ aggregate->text, aggregate->binding.return_type, WEIR_COLUMN_VALUE, { 0 } };
	}
	*schema = (struct weir_schema){ .columns = columns, .count = count, .key_count = query->group_by_count };
	return schema;
}

static bool find_keys(struct weir_query_analysis *query, struct result_keys *ret, struct weir_err *err)
{
	switch (query->key_kind) {
	case WEIR_KEY_GROUPED:
		*ret = listed_keys(query, query->group_by, query->group_by_count);
		return match_items(query, ret, err);
	case WEIR_KEY_PARTITIONED:
		*ret = listed_keys(query, query->partition_by, query->partition_by_count);
		return match_items(query, ret, err);
	case WEIR_KEY_NONE:
		*ret = new_keys(query, 0);
		return true;
	case WEIR_KEY_OF_SOURCE:
		break;
	}
	if (weir_query_is_join(query))
		return match_join(query, ret, err);
	*ret = source_keys(query);
	return match_items(query, ret, err);
}

/* Grouping expressions are cells of the aggregate row from here on. */
static void use_group_cells(struct weir_query_analysis *query, struct result_keys *keys)
{
	for (size_t k = 0; query->key_kind == WEIR_KEY_GROUPED && k < keys->count; k++)
		keys->exprs[k] = column_expr(query, k, keys->exprs[k]->type, keys->exprs[k]->text);
}

static bool check_values(const struct weir_query_analysis *query, const struct weir_bound_query *bound, struct weir_err *err)
{
	if (query->mode != WEIR_MODE_PERSISTENT || bound->column_count > bound->key_count)
		return true;
	weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, query->ast->place.line, query->ast->place.column,
		"SELECT contains nothing but the key: the result would have no value columns.");
	return weir_err_advise(err, "Select another column, or a copy of the key with AS_VALUE.");
}

bool weir_finish_query(struct weir_query_analysis *query, struct weir_bound_query *ret, struct weir_err *err)
{
	struct result_keys keys;
	struct weir_bound_query bound = {
		.from = query->from,
		.from_count = query->from_count,
		.where = query->where,
		.table_calls = query->table_calls.items.items,
		.table_call_count = query->table_calls.items.count,
		.key_kind = query->key_kind,
		.partition_by = query->partition_by,
		.partition_by_count = query->partition_by_count,
		.is_aggregate = query->is_aggregate,
		.group_by = query->group_by,
		.group_by_count = query->group_by_count,
		.aggregates = query->aggregates.items.items,
		.aggregate_count = query->aggregates.items.count,
		.is_table = query->from[0].source->is_table || query->is_aggregate,
		.window = query->is_aggregate ? query->window : query->from[0].source->window,
		.limit = query->ast->has_limit ? query->ast->limit : -1,
		.is_stream_pull = query->mode == WEIR_MODE_STREAM_PULL,
	};

	if (!find_keys(query, &keys, err))
		return false;
	if (query->mode == WEIR_MODE_PERSISTENT && !check_complete(query, &keys, err))
		return false;
	use_group_cells(query, &keys);
	if (!place_columns(query, &keys, &bound, err) || !check_values(query, &bound, err))
		return false;
	if (query->having && !weir_rewrite_for_aggregate(query, query->having, "HAVING", &bound.having, err))
		return false;
	bound.aggregate_row = query->is_aggregate ? aggregate_row(query) : NULL;
	bound.schema = result_schema(query->arena, &bound);
	*ret = bound;
	return true;
}
