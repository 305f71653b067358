/* Joins: which go together, their conditions, the row they make and the columns that may stand for its key (semantics §8). */
#include "analyze/query.h"

static bool refuse(const struct weir_sql_place *place, enum weir_err_code code, const char *text, struct weir_err *err)
{
	return weir_err_set_at(err, code, place->line, place->column, "%s", text);
}

/* ---- Which joins there are ---- */

static bool check_kinds(const struct weir_query_analysis *query, size_t i, struct weir_err *err)
{
	const struct weir_sql_relation *relation = &query->ast->relations[i];
	bool left_is_table = query->from[0].source->is_table, right_is_table = query->from[i].source->is_table;
	const struct weir_sql_place *place = &relation->join_place;

	if (left_is_table && !right_is_table)
		return refuse(
			place, WEIR_E_INVALID_STATEMENT, "A table cannot be joined with a stream; write the stream first.", err);
	if (left_is_table)
		return refuse(place, WEIR_E_NOT_SUPPORTED, "A join of two tables is not supported yet.", err);
	if (!right_is_table && !relation->has_within)
		return refuse(place, WEIR_E_INVALID_STATEMENT, "A join of two streams needs a WITHIN clause.", err);
	if (!right_is_table)
		return refuse(place, WEIR_E_NOT_SUPPORTED, "A join of two streams is not supported yet.", err);
	if (relation->has_within)
		return refuse(place, WEIR_E_INVALID_STATEMENT,
			"A join of a stream with a table takes no WITHIN clause: it reads the table's current row.", err);
	if (relation->join == WEIR_SQL_JOIN_RIGHT || relation->join == WEIR_SQL_JOIN_FULL)
		return refuse(
			place, WEIR_E_INVALID_STATEMENT, "A stream can be joined with a table only by INNER and LEFT JOIN.", err);
	return true;
}

static bool check_formats(const struct weir_query_analysis *query, size_t i, struct weir_err *err)
{
	for (size_t side = 0; side <= i; side += i) {
		const struct weir_source *source = query->from[side].source;

		if (weir_slice_is(source->value.name, "KAFKA"))
			return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, query->ast->relations[side].place.line,
				query->ast->relations[side].place.column,
				"'%.*s' has the value format KAFKA, which cannot be joined.", WEIR_SLICE_ARG(source->name));
	}
	return true;
}

/* §8.2: the source topics' counts must be equal even when a side will be repartitioned. */
static bool check_partitions(const struct weir_query_analysis *query, size_t i, struct weir_err *err)
{
	const struct weir_bound_from *left = &query->from[i == 1 ? 0 : i - 1], *right = &query->from[i];

	if (left->source->partitions == right->source->partitions)
		return true;
	weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, query->ast->relations[i].place.line, query->ast->relations[i].place.column,
		"%.*s and %.*s cannot be joined because their topics have different numbers of partitions: %d and %d.",
		WEIR_SLICE_ARG(left->source->name), WEIR_SLICE_ARG(right->source->name), left->source->partitions,
		right->source->partitions);
	return weir_err_advise(
		err, "Write one of them to a topic with as many partitions as the other has (CREATE … AS SELECT with PARTITIONS).");
}

/* ---- The condition ---- */

/* A bit per source that the expression names. Unknown names count for none: resolving them tells. */
static unsigned sources_of(const struct weir_query_analysis *query, size_t count, const struct weir_sql_expr *ast)
{
	unsigned found = 0;

	for (size_t i = 0; ast->kind == WEIR_SQL_COLUMN && i < count; i++) {
		const struct weir_scope_source *source = &query->scope_sources[i];
		bool named = ast->qualifier.len ? weir_slice_equals(ast->qualifier, source->alias)
						: weir_schema_find(source->schema, ast->name) >= 0;

		if (named)
			found |= 1u << i;
	}
	for (size_t i = 0; i < ast->child_count; i++)
		found |= sources_of(query, count, ast->children[i]);
	return found;
}

static bool bad_condition(const struct weir_sql_expr *on, const char *why, struct weir_err *err)
{
	weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, on->place.line, on->place.column, "%s", why);
	return weir_err_advise(err, "A join condition has the form left.column = right.column.");
}

static int single_bit(unsigned bits)
{
	return bits && !(bits & (bits - 1)) ? __builtin_ctz(bits) : -1;
}

/* The sides of ON, the left relation's first. */
static bool split_condition(const struct weir_query_analysis *query, size_t i, const struct weir_sql_expr *sides[2],
	size_t *ret_left, struct weir_err *err)
{
	const struct weir_sql_expr *on = query->ast->relations[i].on;

	if (on->kind == WEIR_SQL_AND || on->kind == WEIR_SQL_OR)
		return bad_condition(on, "A join on several conditions is not supported.", err);
	if (on->kind != WEIR_SQL_COMPARE || on->compare != WEIR_SQL_EQ)
		return bad_condition(on, "A join condition must be an equality.", err);
	int first = single_bit(sources_of(query, i + 1, on->children[0]));
	int second = single_bit(sources_of(query, i + 1, on->children[1]));
	if (first < 0 || second < 0 || first == second)
		return bad_condition(
			on, "Each side of a join condition must refer to exactly one source, and not to the same.", err);
	if (first != (int)i && second != (int)i)
		return bad_condition(on, "One side of a join condition must refer to the source that is joined there.", err);
	bool swapped = first == (int)i;
	sides[0] = on->children[swapped ? 1 : 0];
	sides[1] = on->children[swapped ? 0 : 1];
	*ret_left = (size_t)(swapped ? second : first);
	return true;
}

/* Binds an expression to rows of one source alone. */
static bool bind_to_source(struct weir_query_analysis *query, size_t source, const struct weir_sql_expr *ast,
	const struct weir_expr **ret, struct weir_err *err)
{
	struct weir_scope_source alone = query->scope_sources[source];
	struct weir_scope scope = { .sources = &alone, .source_count = 1, .has_pseudo_cells = query->scope.has_pseudo_cells };
	struct weir_expression_context context = weir_query_context(query, "JOIN … ON");

	alone.first_cell = 0;
	context.scope = &scope;
	return weir_analyze_expression(&context, ast, ret, err);
}

static const struct weir_expr *shift_columns(struct weir_arena *arena, const struct weir_expr *expr, size_t by)
{
	struct weir_expr *copy = WEIR_ARENA_NEW(arena, struct weir_expr);
	const struct weir_expr **children = WEIR_ARENA_ARRAY(arena, const struct weir_expr *, expr->child_count + 1);

	*copy = *expr;
	if (expr->kind == WEIR_EXPR_COLUMN)
		copy->index += (int)by;
	for (size_t i = 0; i < expr->child_count; i++)
		children[i] = shift_columns(arena, expr->children[i], by);
	copy->children = children;
	return copy;
}

static bool check_key_types(const struct weir_query_analysis *query, size_t i, const struct weir_expr *left,
	const struct weir_expr *right, struct weir_err *err)
{
	const struct weir_sql_expr *on = query->ast->relations[i].on;
	struct weir_slice left_type = weir_type_text(query->arena, left->type),
			  right_type = weir_type_text(query->arena, right->type);

	if (!weir_type_equals(left->type, right->type)) {
		weir_err_set_at(err, WEIR_E_TYPE, on->place.line, on->place.column,
			"The sides of the join have different types: %.*s is %.*s, %.*s is %.*s.", WEIR_SLICE_ARG(left->text),
			WEIR_SLICE_ARG(left_type), WEIR_SLICE_ARG(right->text), WEIR_SLICE_ARG(right_type));
		return weir_err_advise(err, "Cast the stream's side to the type of the table's key.");
	}
	if (weir_type_contains_map(left->type))
		return bad_condition(on, "A key cannot contain a MAP.", err);
	const struct weir_schema *table = query->from[i].source->schema;
	if (table->key_count != 1 || right->kind != WEIR_EXPR_COLUMN || right->index != 0) {
		weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, on->place.line, on->place.column,
			"A stream can be joined with a table only on the table's primary key, not on %.*s.",
			WEIR_SLICE_ARG(right->text));
		if (table->key_count == 1)
			return weir_err_advise(err, "The primary key of %.*s is %.*s.", WEIR_SLICE_ARG(query->from[i].source->name),
				WEIR_SLICE_ARG(table->columns[0].name));
		return false;
	}
	return true;
}

/* ---- The joined row ---- */

static size_t cells_of(const struct weir_query_analysis *query, size_t source)
{
	return query->from[source].source->schema->count + (query->scope.has_pseudo_cells ? WEIR_SCOPE_PSEUDO_CELLS : 0);
}

static struct weir_column value_column(struct weir_slice name, const struct weir_type *type)
{
	return (struct weir_column){ .name = name, .type = type, .role = WEIR_COLUMN_VALUE };
}

/* Appends the cells of one source, named <ALIAS>_<COLUMN>. */
static size_t add_cells(const struct weir_query_analysis *query, size_t source, struct weir_column *columns, size_t at)
{
	static const char *const pseudo[] = { "ROWTIME", "ROWPARTITION", "ROWOFFSET" };
	const struct weir_schema *schema = query->from[source].source->schema;
	struct weir_slice alias = query->from[source].alias;

	for (size_t i = 0; i < schema->count; i++)
		columns[at++] = value_column(weir_arena_printf(query->arena, "%.*s_%.*s", WEIR_SLICE_ARG(alias),
						     WEIR_SLICE_ARG(schema->columns[i].name)),
			schema->columns[i].type);
	for (int i = 0; query->scope.has_pseudo_cells && i < WEIR_SCOPE_PSEUDO_CELLS; i++)
		columns[at++] = value_column(weir_arena_printf(query->arena, "%.*s_%s", WEIR_SLICE_ARG(alias), pseudo[i]),
			weir_pseudo_type((enum weir_pseudo)i));
	return at;
}

static const struct weir_schema *joined_row(const struct weir_query_analysis *query, size_t i, const struct weir_type *key_type)
{
	const struct weir_schema *left = query->from[i - 1].row;
	size_t left_count = i == 1 ? cells_of(query, 0) : left->count;
	size_t count = 1 + left_count + cells_of(query, i), at = 1;
	struct weir_column *columns = WEIR_ARENA_ARRAY(query->arena, struct weir_column, count);
	struct weir_schema *row = WEIR_ARENA_NEW(query->arena, struct weir_schema);

	columns[0] = value_column(WEIR_SLICE("ROWKEY"), key_type);
	columns[0].role = WEIR_COLUMN_KEY;
	if (i == 1)
		at = add_cells(query, 0, columns, at);
	for (size_t j = 0; i > 1 && j < left->count; j++)
		columns[at++] = value_column(left->columns[j].name, left->columns[j].type);
	add_cells(query, i, columns, at);
	*row = (struct weir_schema){ .columns = columns, .count = count, .key_count = 1 };
	return row;
}

/* The new row puts its key before everything that was there. */
static void place_sources(struct weir_query_analysis *query, size_t i)
{
	size_t left_count = i == 1 ? cells_of(query, 0) : query->from[i - 1].row->count;

	for (size_t j = 0; j < i; j++)
		query->scope_sources[j].first_cell++;
	query->scope_sources[i].first_cell = 1 + left_count;
	for (size_t j = 0; j <= i; j++)
		query->from[j].first_cell = query->scope_sources[j].first_cell;
	query->scope.source_count = i + 1;
}

/* ---- Viable keys (§8.3) ---- */

static bool is_side(const struct weir_viable_key *key, size_t source, const struct weir_expr *side)
{
	return side->kind == WEIR_EXPR_COLUMN && key->source == source && key->column == side->index;
}

static void add_viable(struct weir_query_analysis *query, size_t source, const struct weir_expr *side)
{
	bool is_column = side->kind == WEIR_EXPR_COLUMN && (size_t)side->index < query->from[source].source->schema->count;

	for (size_t i = 0; i < query->viable_count; i++)
		if (is_side(&query->viable[i], source, side))
			return;
	if (is_column)
		query->viable[query->viable_count++] = (struct weir_viable_key){ source, side->index };
}

/* An earlier join's columns stay viable only when this one is on one of them. Returns whether it is. */
static bool update_viable(struct weir_query_analysis *query, size_t left_source, const struct weir_expr *left, size_t right_source,
	const struct weir_expr *right)
{
	bool shares = false;

	for (size_t i = 0; i < query->viable_count; i++)
		shares = shares || is_side(&query->viable[i], left_source, left);
	if (!shares)
		query->viable_count = 0;
	add_viable(query, left_source, left);
	add_viable(query, right_source, right);
	return shares;
}

static bool is_single_key(const struct weir_source *source, const struct weir_expr *side)
{
	return source->schema->key_count == 1 && side->kind == WEIR_EXPR_COLUMN && side->index == 0;
}

/* ROWKEY, ROWKEY_1, …: free among all source columns. */
static struct weir_slice synthetic_name(const struct weir_query_analysis *query)
{
	struct weir_slice name = WEIR_SLICE("ROWKEY");

	for (int n = 1; weir_scope_count_sources_with(&query->scope, name); n++)
		name = weir_arena_printf(query->arena, "ROWKEY_%d", n);
	return name;
}

/* ---- One join after another ---- */

static bool analyze_join(struct weir_query_analysis *query, size_t i, struct weir_err *err)
{
	static const enum weir_join_type types[] = {
		[WEIR_SQL_JOIN_INNER] = WEIR_JOIN_INNER,
		[WEIR_SQL_JOIN_LEFT] = WEIR_JOIN_LEFT,
		[WEIR_SQL_JOIN_RIGHT] = WEIR_JOIN_RIGHT,
		[WEIR_SQL_JOIN_FULL] = WEIR_JOIN_FULL,
	};
	const struct weir_sql_expr *sides[2] = { NULL };
	const struct weir_expr *left, *right;
	size_t left_source = 0;

	if (!check_kinds(query, i, err) || !check_formats(query, i, err) || !split_condition(query, i, sides, &left_source, err) ||
		!bind_to_source(query, left_source, sides[0], &left, err) || !bind_to_source(query, i, sides[1], &right, err) ||
		!check_key_types(query, i, left, right, err) || !check_partitions(query, i, err))
		return false;
	struct weir_bound_from *from = &query->from[i];
	from->join_type = types[query->ast->relations[i].join];
	from->left_key = shift_columns(query->arena, left, query->scope_sources[left_source].first_cell);
	from->right_key = right;
	from->left_source = query->from[left_source].alias;
	from->row = joined_row(query, i, left->type);
	bool shares = update_viable(query, left_source, left, i, right);
	from->left_is_keyed = i == 1 ? is_single_key(query->from[0].source, left) : shares;
	place_sources(query, i);
	return true;
}

bool weir_analyze_joins(struct weir_query_analysis *query, struct weir_err *err)
{
	enum { MAX_RELATIONS = 32 };

	if (query->from_count > MAX_RELATIONS)
		return weir_err_set_at(err, WEIR_E_LIMIT, query->ast->place.line, query->ast->place.column,
			"A query joins at most %d sources.", MAX_RELATIONS);
	query->viable = WEIR_ARENA_ARRAY(query->arena, struct weir_viable_key, 2 * query->from_count);
	for (size_t i = 1; i < query->from_count; i++)
		if (!analyze_join(query, i, err))
			return false;
	if (!weir_query_is_join(query))
		return true;
	if (query->viable_count == 0) {
		query->scope.synthetic_key = synthetic_name(query);
		query->scope.synthetic_key_type = query->from[query->from_count - 1].row->columns[0].type;
	}
	return true;
}
