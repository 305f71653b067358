/* From the sources to the from row: filters as early as they may stand, repartitioning where the join needs it, joins.
 *
 * A stream is brought to the partitions of the table: rows are keyed by the join expression, and the partition of a key is the one
 * that whoever wrote the table's topic chose, so the key is hashed as it is written there. Keys with a registry's schema id in
 * front cannot be predicted: then the table goes through an internal topic as well and both use the engine's own hashing. With one
 * partition on both sides there is nothing to do.
 */
#include "plan/build.h"

#include "analyze/format_spec.h"

#include <assert.h>

/* ---- Pushing filters below the first join ---- */

static bool reads_only_source(const struct weir_planning *planning, const struct weir_expr *expr, size_t from)
{
	const struct weir_bound_from *source = &planning->query->from[from];
	size_t width = source->source->schema->count + (source->has_pseudo_cells ? 3 : 0);

	if (expr->kind == WEIR_EXPR_PSEUDO)
		return false;
	if (expr->kind == WEIR_EXPR_COLUMN &&
		((size_t)expr->index < source->first_cell || (size_t)expr->index >= source->first_cell + width))
		return false;
	for (size_t i = 0; i < expr->child_count; i++)
		if (!reads_only_source(planning, expr->children[i], from))
			return false;
	return true;
}

static const struct weir_expr *conjunction(struct weir_planning *planning, const struct weir_expr **conjuncts, size_t count)
{
	struct weir_expr *expr;
	struct weir_buf text;

	if (count < 2)
		return count ? conjuncts[0] : NULL;
	expr = WEIR_ARENA_NEW(planning->arena, struct weir_expr);
	weir_buf_init(&text, WEIR_BUF_NO_LIMIT);
	for (size_t i = 0; i < count; i++)
		weir_buf_printf(&text, "%s%.*s", i ? " AND " : "", WEIR_SLICE_ARG(conjuncts[i]->text));
	*expr = (struct weir_expr){
		.kind = WEIR_EXPR_AND,
		.type = &weir_type_boolean,
		.children = conjuncts,
		.child_count = count,
		.text = weir_arena_copy(planning->arena, weir_buf_slice(&text)),
	};
	weir_buf_fini(&text);
	return expr;
}

/* Splits WHERE at its top AND: what reads the leading stream alone may run before the joins (inner and left joins give at most one
 * row for each of its rows, so dropping earlier is the same). */
static void split_where(struct weir_planning *planning, const struct weir_expr **ret_early, const struct weir_expr **ret_late)
{
	const struct weir_expr *where = planning->query->where;
	bool is_and = where && where->kind == WEIR_EXPR_AND;
	size_t count = is_and ? where->child_count : 1, early_count = 0, late_count = 0;
	const struct weir_expr **early = WEIR_ARENA_ARRAY(planning->arena, const struct weir_expr *, count + 1);
	const struct weir_expr **late = WEIR_ARENA_ARRAY(planning->arena, const struct weir_expr *, count + 1);

	*ret_early = *ret_late = NULL;
	for (size_t i = 0; where && i < count; i++) {
		const struct weir_expr *conjunct = is_and ? where->children[i] : where;

		if (planning->query->from_count > 1 && reads_only_source(planning, conjunct, 0))
			early[early_count++] = conjunct;
		else
			late[late_count++] = conjunct;
	}
	*ret_early = conjunction(planning, early, early_count);
	*ret_late = conjunction(planning, late, late_count);
}

/* ---- Repartitioning the stream ---- */

static bool same_wire_key(const struct weir_source *stream, const struct weir_source *table)
{
	return weir_slice_equals(stream->key.name, table->key.name) && stream->key.delimiter == table->key.delimiter &&
	       stream->key.is_unwrapped == table->key.is_unwrapped;
}

static bool has_registry_key(const struct weir_source *source)
{
	return weir_format_find(source->key.name)->needs_registry;
}

/* Do the current rows lie where the table's rows with their key do? */
static bool is_copartitioned(const struct weir_planning *planning, size_t i)
{
	const struct weir_bound_from *from = &planning->query->from[i];

	if (planning->partitions == 1 && from->source->partitions == 1)
		return true;
	if (!from->left_is_keyed || has_registry_key(from->source))
		return false;
	/* After a join the rows lie as its table's do. */
	return same_wire_key(planning->query->from[i - 1].source, from->source);
}

static struct weir_slice cell_name(const struct weir_planning *planning, int index)
{
	return planning->node->schema->columns[index].name;
}

/* Rows become: the join key, then every cell that is still needed. */
static void rekey(struct weir_planning *planning, const struct weir_expr *key)
{
	size_t width = planning->node->schema->count, count = 1;
	const struct weir_expr **expressions = WEIR_ARENA_ARRAY(planning->arena, const struct weir_expr *, width + 1);
	struct weir_column *columns = WEIR_ARENA_ARRAY(planning->arena, struct weir_column, width + 1);
	struct weir_schema *schema = WEIR_ARENA_NEW(planning->arena, struct weir_schema);

	columns[0] = (struct weir_column){ .name = key->text, .type = key->type, .role = WEIR_COLUMN_KEY };
	expressions[0] = key;
	for (size_t i = 0; i < planning->from_row_count; i++) {
		int at = planning->map[i];

		if (at < 0)
			continue;
		planning->map[i] = -1;
		if (!planning->used[i])
			continue;
		columns[count] = (struct weir_column){
			.name = cell_name(planning, at),
			.type = planning->node->schema->columns[at].type,
			.role = WEIR_COLUMN_VALUE,
		};
		expressions[count] = weir_planning_cell(planning, at);
		planning->map[i] = (int)count++;
	}
	*schema = (struct weir_schema){ .columns = columns, .count = count, .key_count = 1 };
	struct weir_plan_node *node = weir_planning_node(planning, WEIR_NODE_REKEY, schema, false, planning->node);
	node->expressions = expressions;
	planning->node = node;
}

static struct weir_slice step_name(const struct weir_planning *planning, size_t i, const char *step)
{
	struct weir_buf name;

	weir_buf_init(&name, WEIR_BUF_NO_LIMIT);
	for (size_t inner = i + 1; inner < planning->query->from_count; inner++)
		weir_buf_append_text(&name, "L_");
	weir_buf_append_text(&name, step);
	struct weir_slice copy = weir_arena_copy(planning->arena, weir_buf_slice(&name));
	weir_buf_fini(&name);
	return copy;
}

/* ---- The table's side ---- */

/* Through an internal topic of its own: a stage that only copies its changes. */
static bool rewrite_table(struct weir_planning *planning, size_t i, struct weir_err *err)
{
	const struct weir_bound_from *from = &planning->query->from[i];

	planning->partitions = from->source->partitions;
	planning->node = weir_planning_source(planning, i, true, err);
	if (!planning->node)
		return false;
	weir_planning_cut(planning, step_name(planning, i, "Join-right").ptr, from->source->partitions, NULL);
	return true;
}

/* The stream's open stage is put aside while the table's copy is planned. */
static bool add_internal_table(struct weir_planning *planning, size_t i, const struct weir_plan_node **ret, struct weir_err *err)
{
	const struct weir_plan_node *stream = planning->node;
	struct weir_plan_input *inputs = planning->inputs.items;
	size_t input_count = planning->inputs.count;
	int32_t partitions = planning->partitions;

	memset(&planning->inputs, 0, sizeof planning->inputs);
	if (!rewrite_table(planning, i, err))
		return false;
	struct weir_plan_input table_input = planning->inputs.items[0];
	struct weir_plan_node *table = (struct weir_plan_node *)planning->node;

	memset(&planning->inputs, 0, sizeof planning->inputs);
	for (size_t j = 0; j < input_count; j++)
		WEIR_VEC_PUSH_IN(planning->arena, &planning->inputs, inputs[j]);
	table_input.is_bootstrap = true;
	table->input = (int)planning->inputs.count;
	WEIR_VEC_PUSH_IN(planning->arena, &planning->inputs, table_input);
	planning->node = stream;
	planning->partitions = partitions;
	*ret = table;
	return true;
}

/* ---- The join ---- */

/* The key, child 0's cells, child 1's cells. */
static const struct weir_schema *joined_schema(struct weir_planning *planning, const struct weir_plan_node *left,
	const struct weir_plan_node *right, const struct weir_expr *key)
{
	size_t count = 1 + left->schema->count + right->schema->count, at = 1;
	struct weir_column *columns = WEIR_ARENA_ARRAY(planning->arena, struct weir_column, count);
	struct weir_schema *schema = WEIR_ARENA_NEW(planning->arena, struct weir_schema);

	columns[0] = (struct weir_column){ .name = WEIR_SLICE("ROWKEY"), .type = key->type, .role = WEIR_COLUMN_KEY };
	for (size_t i = 0; i < left->schema->count; i++)
		columns[at++] = left->schema->columns[i];
	for (size_t i = 0; i < right->schema->count; i++)
		columns[at++] = right->schema->columns[i];
	for (size_t i = 1; i < count; i++)
		columns[i].role = WEIR_COLUMN_VALUE;
	*schema = (struct weir_schema){ .columns = columns, .count = count, .key_count = 1 };
	return schema;
}

/* After join i the from row has its key at cell (joins still to come), the left cells behind it one further. */
static void move_map(struct weir_planning *planning, size_t i, const struct weir_plan_node *left)
{
	size_t joins = planning->query->from_count - 1;
	const struct weir_bound_from *right = &planning->query->from[i];
	size_t right_width = right->source->schema->count + (right->has_pseudo_cells ? 3 : 0);

	for (size_t c = 0; c < planning->from_row_count; c++)
		if (planning->map[c] >= 0)
			planning->map[c]++;
	planning->map[joins - i] = 0;
	for (size_t c = 0; c < right_width; c++)
		planning->map[right->first_cell + c] = 1 + (int)left->schema->count + (int)c;
}

static bool add_join(struct weir_planning *planning, size_t i, struct weir_err *err)
{
	const struct weir_bound_from *from = &planning->query->from[i];
	int shift = (int)(planning->query->from_count - i);
	const struct weir_expr *key = weir_planning_expr(planning, from->left_key, shift);
	bool is_copartitioned_now = is_copartitioned(planning, i);
	bool rewrites_table = !is_copartitioned_now && has_registry_key(from->source);
	const struct weir_plan_node *table;

	if (!is_copartitioned_now) {
		struct weir_format_spec table_key =
			weir_source_format_spec(weir_source_copy(planning->arena, from->source), WEIR_SIDE_KEY);

		rekey(planning, key);
		weir_planning_cut(planning, step_name(planning, i, "Join-left").ptr, from->source->partitions,
			rewrites_table ? NULL : &table_key);
		key = weir_planning_cell(planning, 0);
	}
	if (rewrites_table) {
		if (!add_internal_table(planning, i, &table, err))
			return false;
	} else {
		table = weir_planning_source(planning, i, true, err);
		if (!table)
			return false;
	}
	const struct weir_plan_node *stream = planning->node;
	struct weir_plan_node *join = weir_planning_node(
		planning, WEIR_NODE_STREAM_TABLE_JOIN, joined_schema(planning, stream, table, key), false, stream);
	join->children[1] = table;
	join->join_type = from->join_type;
	join->join_key = key;
	join->store = step_name(planning, i, "KafkaTopic_Right-Reduce");
	planning->node = join;
	move_map(planning, i, stream);
	return true;
}

bool weir_planning_joins(struct weir_planning *planning, struct weir_err *err)
{
	const struct weir_bound_query *query = planning->query;
	const struct weir_bound_from *first = &query->from[0];
	size_t width = first->source->schema->count + (first->has_pseudo_cells ? 3 : 0);
	const struct weir_expr *early, *late;

	planning->partitions = first->source->partitions;
	planning->node = weir_planning_source(planning, 0, false, err);
	if (!planning->node)
		return false;
	for (size_t c = 0; c < width; c++)
		planning->map[first->first_cell + c] = (int)c;
	split_where(planning, &early, &late);
	if (early)
		weir_planning_filter(planning, weir_planning_expr(planning, early, 0));
	for (size_t i = 1; i < query->from_count; i++)
		if (!add_join(planning, i, err))
			return false;
	if (first->source->is_table &&
		(planning->request->sink || late || query->is_aggregate || planning->request->is_materialize_only))
		weir_planning_materialize(planning, "KsqlTopic-Reduce");
	if (late)
		weir_planning_filter(planning, weir_planning_expr(planning, late, 0));
	return true;
}
