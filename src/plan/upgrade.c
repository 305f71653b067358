/* CREATE OR REPLACE … AS: may the new plan go on with the old one's state and offsets (semantics §10.6)?
 *
 * Filters and projections may change; what has state or decides where rows lie may not: sources, keys, groupings, aggregates.
 */
#include "plan/planner.h"

#include "base/vec.h"

#include <stdlib.h>

typedef WEIR_VEC(const struct weir_plan_node *) node_list;

static bool may_change(enum weir_node_kind kind)
{
	return kind == WEIR_NODE_FILTER || kind == WEIR_NODE_TABLE_FILTER || kind == WEIR_NODE_PROJECT ||
	       kind == WEIR_NODE_TABLE_PROJECT;
}

static void collect(const struct weir_plan_node *node, node_list *list)
{
	if (!may_change(node->kind))
		WEIR_VEC_PUSH(list, node);
	for (size_t i = 0; i < 2 && node->children[i]; i++)
		collect(node->children[i], list);
}

static bool refuse(struct weir_err *err, const char *what)
{
	weir_err_set(err, WEIR_E_INVALID_STATEMENT, "The query cannot be replaced by this one: %s.", what);
	return weir_err_advise(err, "Drop it and create it anew.");
}

static bool is_fixed(const struct weir_plan_node *node)
{
	switch (node->kind) {
	case WEIR_NODE_STREAM_TABLE_JOIN:
	case WEIR_NODE_TABLE_TABLE_JOIN:
	case WEIR_NODE_STREAM_STREAM_JOIN:
	case WEIR_NODE_FOREIGN_KEY_JOIN:
	case WEIR_NODE_TABLE_AGGREGATE:
		return true;
	default:
		return node->window.type != WEIR_WINDOW_NONE && node->kind == WEIR_NODE_AGGREGATE;
	}
}

static bool same_text(const struct weir_expr *a, const struct weir_expr *b)
{
	return weir_slice_equals(a->text, b->text) && weir_type_equals(a->type, b->type);
}

static bool same_expressions(const struct weir_plan_node *a, const struct weir_plan_node *b, size_t count_a, size_t count_b)
{
	if (count_a != count_b)
		return false;
	for (size_t i = 0; i < count_a; i++)
		if (!same_text(a->expressions[i], b->expressions[i]))
			return false;
	return true;
}

static bool same_aggregates(const struct weir_plan_node *a, const struct weir_plan_node *b)
{
	if (a->aggregate_count != b->aggregate_count)
		return false;
	for (size_t i = 0; i < a->aggregate_count; i++)
		if (!weir_slice_equals(a->aggregates[i].text, b->aggregates[i].text))
			return false;
	return true;
}

static bool check_node(const struct weir_plan_node *a, const struct weir_plan_node *b, struct weir_err *err)
{
	if (is_fixed(a) || is_fixed(b))
		return refuse(err, "queries with joins, windows or aggregated tables cannot be changed in place");
	if (a->kind != b->kind)
		return refuse(err, "its steps would be others");
	switch (a->kind) {
	case WEIR_NODE_REKEY:
		return same_expressions(a, b, a->schema->key_count, b->schema->key_count) ||
		       refuse(err, "PARTITION BY would change");
	case WEIR_NODE_GROUP_KEY:
		return same_expressions(a, b, a->schema->count, b->schema->count) ||
		       refuse(err, "GROUP BY or what is aggregated would change");
	case WEIR_NODE_AGGREGATE:
		return same_aggregates(a, b) || refuse(err, "the aggregate functions would change");
	default:
		return true;
	}
}

static bool check_sources(const struct weir_plan *old, const struct weir_plan *new, struct weir_err *err)
{
	bool same = old->source_count == new->source_count && old->stage_count == new->stage_count;

	for (size_t i = 0; same && i < old->source_count; i++)
		same = weir_slice_equals(old->source_names[i], new->source_names[i]);
	return same || refuse(err, "it would read other sources, or lay its rows out otherwise");
}

bool weir_plan_check_upgrade(const struct weir_plan *old, const struct weir_plan *new, struct weir_err *err)
{
	node_list before = { 0 }, after = { 0 };
	bool ok = check_sources(old, new, err);

	for (size_t i = 0; ok && i < old->stage_count; i++) {
		collect(old->stages[i].root, &before);
		collect(new->stages[i].root, &after);
	}
	if (ok && before.count != after.count)
		ok = refuse(err, "its steps would be others");
	for (size_t i = 0; ok && i < before.count; i++)
		ok = check_node(before.items[i], after.items[i], err);
	WEIR_VEC_FREE(&before);
	WEIR_VEC_FREE(&after);
	return ok;
}
