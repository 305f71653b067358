/* Pull queries on materialised tables: projection, filter, and what the filter says about the keys (semantics §11.1–11.3).
 *
 * The typed WHERE is brought to disjunctive normal form. Each disjunct either fixes every key column (a look-up), or bounds the
 * single key (a range), or says nothing usable (a scan); the whole predicate is applied to what is found in any case, so that
 * access is only ever an optimisation.
 */
#include "analyze/statements.h"

#include "analyze/normal_form.h"
#include "analyze/strict.h"
#include "types/compare.h"

struct pull {
	const struct weir_analyze_env *env;
	struct weir_arena *arena;
	const struct weir_source *table;
	struct weir_bound_pull *bound;
};

/* ---- Admissibility ---- */

static bool refuse_clause(const struct weir_sql_place *place, const char *clause, struct weir_err *err)
{
	weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, place->line, place->column, "A pull query cannot have %s.", clause);
	return weir_err_advise(err, "Add EMIT CHANGES if you want a push query.");
}

static bool check_clauses(const struct weir_sql_query *ast, struct weir_err *err)
{
	if (ast->relation_count > 1)
		return refuse_clause(&ast->relations[1].place, "JOIN", err);
	if (ast->window != WEIR_SQL_WINDOW_NONE)
		return refuse_clause(&ast->window_place, "WINDOW", err);
	if (ast->group_by_count)
		return refuse_clause(&ast->group_by_place, "GROUP BY", err);
	if (ast->partition_by_count)
		return refuse_clause(&ast->partition_by_place, "PARTITION BY", err);
	if (ast->having)
		return refuse_clause(&ast->having->place, "HAVING", err);
	return true;
}

static bool find_store(struct pull *pull, const struct weir_sql_query *ast, struct weir_err *err)
{
	const struct weir_sql_place *place = &ast->relations[0].place;

	pull->bound->query = weir_catalog_materializing_query(pull->env->catalog, pull->table->name);
	if (pull->bound->query)
		return true;
	weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, place->line, place->column,
		"The table '%.*s' keeps no rows that a pull query could read.", WEIR_SLICE_ARG(pull->table->name));
	return weir_err_advise(err,
		"Derive a table that does: CREATE TABLE QUERYABLE_%.*s AS SELECT * FROM %.*s, or add EMIT CHANGES.",
		WEIR_SLICE_ARG(pull->table->name), WEIR_SLICE_ARG(pull->table->name));
}

/* ---- Projection ---- */

static bool is_key_name(const struct weir_source *table, struct weir_slice name)
{
	int at = weir_schema_find(table->schema, name);
	bool is_bound = weir_slice_is(name, "WINDOWSTART") || weir_slice_is(name, "WINDOWEND");

	return (at >= 0 && (size_t)at < table->schema->key_count) || (is_bound && table->window.type != WEIR_WINDOW_NONE);
}

static bool project(struct pull *pull, struct weir_query_analysis *query, struct weir_err *err)
{
	const struct weir_sql_place *place = &query->ast->place;

	for (size_t i = 0; i < query->ast->item_count; i++)
		if (query->ast->items[i].kind == WEIR_SQL_ITEM_STAR && query->ast->item_count > 1)
			return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, place->line, place->column,
				"In a pull query '*' must be the only item of the SELECT list.");
	if (!weir_analyze_select(query, err))
		return false;
	if (query->aggregates.items.count)
		return weir_err_set_at(
			err, WEIR_E_INVALID_STATEMENT, place->line, place->column, "A pull query cannot have aggregate functions.");
	struct weir_bound_column *columns = WEIR_ARENA_ARRAY(pull->arena, struct weir_bound_column, query->items.count + 1);
	bool *is_key = WEIR_ARENA_ARRAY(pull->arena, bool, query->items.count + 1);
	for (size_t i = 0; i < query->items.count; i++) {
		const struct weir_select_item *item = &query->items.items[i];

		columns[i] = (struct weir_bound_column){ item->name, item->expr->type, item->expr };
		is_key[i] = is_key_name(pull->table, item->name);
	}
	pull->bound->columns = columns;
	pull->bound->is_key = is_key;
	pull->bound->column_count = query->items.count;
	return true;
}

/* ---- What one comparison says ---- */

struct key_condition {
	int column; /* of the key */
	enum weir_compare_op op;
	const struct weir_expr *value;
};

static bool is_constant(const struct weir_expr *expr)
{
	if (expr->kind == WEIR_EXPR_COLUMN || expr->kind == WEIR_EXPR_PSEUDO)
		return false;
	for (size_t i = 0; i < expr->child_count; i++)
		if (!is_constant(expr->children[i]))
			return false;
	return true;
}

static enum weir_compare_op mirrored(enum weir_compare_op op)
{
	switch (op) {
	case WEIR_COMPARE_LT:
		return WEIR_COMPARE_GT;
	case WEIR_COMPARE_LE:
		return WEIR_COMPARE_GE;
	case WEIR_COMPARE_GT:
		return WEIR_COMPARE_LT;
	case WEIR_COMPARE_GE:
		return WEIR_COMPARE_LE;
	default:
		return op;
	}
}

/* `subject op constant`, whichever way round it was written. */
static bool split_comparison(const struct weir_expr *leaf, const struct weir_expr **ret_subject, struct key_condition *ret)
{
	if (leaf->kind != WEIR_EXPR_COMPARE)
		return false;
	bool swapped = is_constant(leaf->children[0]);
	const struct weir_expr *value = leaf->children[swapped ? 0 : 1];
	if (!is_constant(value))
		return false;
	*ret_subject = leaf->children[swapped ? 1 : 0];
	ret->op = swapped ? mirrored((enum weir_compare_op)leaf->op) : (enum weir_compare_op)leaf->op;
	ret->value = value;
	return true;
}

static bool key_condition(const struct pull *pull, const struct weir_expr *leaf, struct key_condition *ret)
{
	const struct weir_expr *subject;

	if (!split_comparison(leaf, &subject, ret) || subject->kind != WEIR_EXPR_COLUMN ||
		(size_t)subject->index >= pull->table->schema->key_count)
		return false;
	ret->column = subject->index;
	return true;
}

static bool key_value(const struct pull *pull, const struct key_condition *condition, struct weir_value *ret, struct weir_err *err)
{
	const struct weir_column *column = &pull->table->schema->columns[condition->column];
	struct weir_slice written = condition->value->text;

	/* A text in an IN list was made a number by the list's rules; keys take no texts for numbers (semantics §11.2). */
	if (weir_type_is_numeric(column->type) && written.len && written.ptr[0] == '\'')
		return weir_err_set_at(err, WEIR_E_TYPE, condition->value->line, condition->value->column,
			"%.*s is no %s, which the key %.*s is.", WEIR_SLICE_ARG(written), weir_kind_name(column->type->kind),
			WEIR_SLICE_ARG(column->name));
	return weir_strict_value(pull->arena, pull->env->clock, condition->value, column->type, column->name, ret, err);
}

/* ---- Windows ---- */

static void narrow(int64_t *from, int64_t *to, enum weir_compare_op op, int64_t value)
{
	int64_t above = value < INT64_MAX ? value + 1 : value, below = value > INT64_MIN ? value - 1 : value;

	if (op == WEIR_COMPARE_EQ || op == WEIR_COMPARE_GE)
		*from = *from > value ? *from : value;
	if (op == WEIR_COMPARE_EQ || op == WEIR_COMPARE_LE)
		*to = *to < value ? *to : value;
	if (op == WEIR_COMPARE_GT)
		*from = *from > above ? *from : above;
	if (op == WEIR_COMPARE_LT)
		*to = *to < below ? *to : below;
}

static bool narrow_window(
	const struct pull *pull, const struct weir_expr *leaf, struct weir_pull_window_bounds *bounds, struct weir_err *err)
{
	const struct weir_expr *subject;
	struct key_condition condition;
	struct weir_value value;

	if (!split_comparison(leaf, &subject, &condition) || subject->kind != WEIR_EXPR_PSEUDO ||
		!weir_type_is_numeric(condition.value->type) || condition.value->type->kind > WEIR_KIND_BIGINT)
		return true;
	if (!weir_strict_value(pull->arena, pull->env->clock, condition.value, &weir_type_bigint, subject->text, &value, err))
		return false;
	if (value.is_null)
		return true;
	if (subject->pseudo == WEIR_PSEUDO_WINDOWSTART)
		narrow(&bounds->start_from_ms, &bounds->start_to_ms, condition.op, value.cell.i64);
	if (subject->pseudo == WEIR_PSEUDO_WINDOWEND)
		narrow(&bounds->end_from_ms, &bounds->end_to_ms, condition.op, value.cell.i64);
	return true;
}

/* ---- Disjuncts ---- */

/* Fills `key` when every key column is fixed; *ret_found tells. */
static bool find_key(const struct pull *pull, const struct weir_conjunction *disjunct, struct weir_pull_key *key, bool *ret_found,
	struct weir_err *err)
{
	size_t key_count = pull->table->schema->key_count, found = 0;
	struct weir_value *values = WEIR_ARENA_ARRAY(pull->arena, struct weir_value, key_count + 1);
	bool *is_fixed = WEIR_ARENA_ARRAY(pull->arena, bool, key_count + 1);
	bool is_doubled = false; /* a key column with two equalities: such rows are looked for, not looked up */

	key->window = (struct weir_pull_window_bounds){ INT64_MIN, INT64_MAX, INT64_MIN, INT64_MAX };
	for (size_t i = 0; i < disjunct->count; i++) {
		struct key_condition condition;

		if (!narrow_window(pull, disjunct->leaves[i], &key->window, err))
			return false;
		if (!key_condition(pull, disjunct->leaves[i], &condition) || condition.op != WEIR_COMPARE_EQ)
			continue;
		is_doubled = is_doubled || is_fixed[condition.column];
		if (is_fixed[condition.column])
			continue;
		if (!key_value(pull, &condition, &values[condition.column], err))
			return false;
		is_fixed[condition.column] = true;
		found++;
	}
	key->values = values;
	*ret_found = found == key_count && !is_doubled;
	return true;
}

static bool same_key(const struct pull *pull, const struct weir_pull_key *a, const struct weir_pull_key *b)
{
	for (size_t i = 0; i < pull->table->schema->key_count; i++)
		if (a->values[i].is_null != b->values[i].is_null ||
			(!a->values[i].is_null &&
				!weir_cell_equals(pull->table->schema->columns[i].type, a->values[i].cell, b->values[i].cell)))
			return false;
	return memcmp(&a->window, &b->window, sizeof a->window) == 0;
}

static bool collect_keys(struct pull *pull, const struct weir_normal_form *form, bool *ret_all_keys, struct weir_err *err)
{
	struct weir_pull_key *keys = WEIR_ARENA_ARRAY(pull->arena, struct weir_pull_key, form->count + 1);
	size_t count = 0;

	*ret_all_keys = form->count > 0;
	for (size_t i = 0; i < form->count && *ret_all_keys; i++) {
		bool is_new = true;

		if (!find_key(pull, &form->disjuncts[i], &keys[count], ret_all_keys, err))
			return false;
		for (size_t j = 0; j < count; j++)
			is_new = is_new && !same_key(pull, &keys[j], &keys[count]);
		count += is_new;
	}
	pull->bound->keys = keys;
	pull->bound->key_count = count;
	return true;
}

static bool is_range_key(const struct weir_source *table)
{
	enum weir_kind kind = table->schema->columns[0].type->kind;

	return table->schema->key_count == 1 && table->window.type == WEIR_WINDOW_NONE &&
	       (kind == WEIR_KIND_STRING || kind == WEIR_KIND_BYTES);
}

static bool add_bound(struct pull *pull, const struct key_condition *condition, struct weir_err *err)
{
	struct weir_bound_pull *bound = pull->bound;
	bool is_lower = condition->op == WEIR_COMPARE_GT || condition->op == WEIR_COMPARE_GE;
	bool is_upper = condition->op == WEIR_COMPARE_LT || condition->op == WEIR_COMPARE_LE;
	struct weir_value *value = WEIR_ARENA_NEW(pull->arena, struct weir_value);

	if ((!is_lower && !is_upper) || (is_lower && bound->lower) || (is_upper && bound->upper))
		return true;
	if (!key_value(pull, condition, value, err))
		return false;
	if (value->is_null)
		return true;
	bound->kind = WEIR_PULL_RANGE;
	if (is_lower) {
		bound->lower = value;
		bound->lower_inclusive = condition->op == WEIR_COMPARE_GE;
	} else {
		bound->upper = value;
		bound->upper_inclusive = condition->op == WEIR_COMPARE_LE;
	}
	return true;
}

static bool collect_range(struct pull *pull, const struct weir_conjunction *disjunct, struct weir_err *err)
{
	for (size_t i = 0; i < disjunct->count; i++) {
		struct key_condition condition;

		if (key_condition(pull, disjunct->leaves[i], &condition) && !add_bound(pull, &condition, err))
			return false;
	}
	return true;
}

static bool is_on(const struct pull *pull, const char *setting)
{
	return !weir_slice_equals_nocase(weir_env_property(pull->env, setting), WEIR_SLICE("false"));
}

static size_t count_key_conditions(const struct pull *pull, const struct weir_conjunction *disjunct)
{
	struct key_condition ignored;
	size_t count = 0;

	for (size_t i = 0; i < disjunct->count; i++)
		count += key_condition(pull, disjunct->leaves[i], &ignored);
	return count;
}

/* is_single_range: WHERE has one comparison with the key. */
static bool check_scan(const struct pull *pull, const struct weir_sql_query *ast, bool is_single_range, struct weir_err *err)
{
	const struct weir_sql_place *place = ast->where ? &ast->where->place : &ast->place;
	struct weir_slice setting = weir_env_property(pull->env, "ksql.query.pull.table.scan.enabled");

	bool is_range =
		pull->bound->kind == WEIR_PULL_RANGE && is_single_range && is_on(pull, "ksql.query.pull.range.scan.enabled");

	if (pull->bound->kind == WEIR_PULL_KEYS || is_range)
		return true;
	if (weir_slice_equals_nocase(setting, WEIR_SLICE("false")))
		return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, place->line, place->column,
			"WHERE must fix the key of %.*s, because table scans are disabled (ksql.query.pull.table.scan.enabled).",
			WEIR_SLICE_ARG(pull->table->name));
	if (pull->table->window.type == WEIR_WINDOW_SESSION)
		return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, place->line, place->column,
			"A table of session windows can only be read by key.");
	return true;
}

static bool choose_access(struct pull *pull, const struct weir_sql_query *ast, struct weir_err *err)
{
	struct weir_normal_form form;
	bool all_keys, is_single_range = false;

	pull->bound->kind = WEIR_PULL_SCAN;
	if (pull->bound->where) {
		if (!weir_normal_form(pull->arena, pull->bound->where, &form, err) || !collect_keys(pull, &form, &all_keys, err))
			return false;
		is_single_range = form.count == 1 && count_key_conditions(pull, &form.disjuncts[0]) == 1;
		if (all_keys)
			pull->bound->kind = WEIR_PULL_KEYS;
		else if (form.count == 1 && is_range_key(pull->table) && !collect_range(pull, &form.disjuncts[0], err))
			return false;
	}
	return check_scan(pull, ast, is_single_range, err);
}

bool weir_analyze_pull(const struct weir_analyze_env *env, struct weir_arena *arena, const struct weir_sql_query *ast,
	const struct weir_source *table, struct weir_bound_pull *ret, struct weir_err *err)
{
	struct weir_query_analysis query = { .env = env, .arena = arena, .ast = ast, .mode = WEIR_MODE_STREAM_PULL };
	struct weir_bound_pull bound = { .table = table, .limit = ast->has_limit ? ast->limit : -1 };
	struct pull pull = { env, arena, table, &bound };

	if (ast->has_limit && ast->limit < 0)
		return weir_err_set_at(
			err, WEIR_E_INVALID_STATEMENT, ast->place.line, ast->place.column, "LIMIT cannot be negative.");
	if (ast->has_limit && !is_on(&pull, "ksql.query.pull.limit.clause.enabled"))
		return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, ast->place.line, ast->place.column,
			"LIMIT is turned off for pull queries (ksql.query.pull.limit.clause.enabled).");
	if (!check_clauses(ast, err) || !weir_analyze_from(&query, err) || !find_store(&pull, ast, err) ||
		!weir_analyze_clauses(&query, err) || !project(&pull, &query, err))
		return false;
	bound.where = query.where;
	if (!choose_access(&pull, ast, err))
		return false;
	*ret = bound;
	return true;
}
