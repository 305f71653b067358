/* NOT moves inward, IN becomes equalities, AND is distributed over OR. */
#include "analyze/normal_form.h"

#include "analyze/build.h"

#define MAX_DISJUNCTS 1024

static struct weir_builder builder_of(struct weir_arena *arena, const struct weir_expr *expr)
{
	return (struct weir_builder){ arena, { expr->line, expr->column, expr->text } };
}

static struct weir_normal_form single(struct weir_arena *arena, const struct weir_expr *leaf)
{
	struct weir_conjunction *disjunct = WEIR_ARENA_NEW(arena, struct weir_conjunction);
	const struct weir_expr **leaves = WEIR_ARENA_ARRAY(arena, const struct weir_expr *, 1);

	leaves[0] = leaf;
	*disjunct = (struct weir_conjunction){ leaves, leaf ? 1 : 0 };
	return (struct weir_normal_form){ disjunct, 1 };
}

static struct weir_normal_form join_or(struct weir_arena *arena, struct weir_normal_form a, struct weir_normal_form b)
{
	struct weir_conjunction *disjuncts = WEIR_ARENA_ARRAY(arena, struct weir_conjunction, a.count + b.count + 1);

	if (a.count + b.count > MAX_DISJUNCTS)
		return single(arena, NULL);
	for (size_t i = 0; i < a.count; i++)
		disjuncts[i] = a.disjuncts[i];
	for (size_t i = 0; i < b.count; i++)
		disjuncts[a.count + i] = b.disjuncts[i];
	return (struct weir_normal_form){ disjuncts, a.count + b.count };
}

static struct weir_conjunction concatenate(
	struct weir_arena *arena, const struct weir_conjunction *a, const struct weir_conjunction *b)
{
	const struct weir_expr **leaves = WEIR_ARENA_ARRAY(arena, const struct weir_expr *, a->count + b->count + 1);

	for (size_t i = 0; i < a->count; i++)
		leaves[i] = a->leaves[i];
	for (size_t i = 0; i < b->count; i++)
		leaves[a->count + i] = b->leaves[i];
	return (struct weir_conjunction){ leaves, a->count + b->count };
}

static struct weir_normal_form join_and(struct weir_arena *arena, struct weir_normal_form a, struct weir_normal_form b)
{
	if (a.count * b.count > MAX_DISJUNCTS)
		return single(arena, NULL);
	struct weir_conjunction *disjuncts = WEIR_ARENA_ARRAY(arena, struct weir_conjunction, a.count * b.count + 1);
	for (size_t i = 0; i < a.count; i++)
		for (size_t j = 0; j < b.count; j++)
			disjuncts[i * b.count + j] = concatenate(arena, &a.disjuncts[i], &b.disjuncts[j]);
	return (struct weir_normal_form){ disjuncts, a.count * b.count };
}

static const struct weir_expr *negated(struct weir_arena *arena, const struct weir_expr *leaf)
{
	struct weir_builder builder = builder_of(arena, leaf);

	return weir_build_node(&builder, WEIR_EXPR_NOT, &weir_type_boolean, &leaf, 1);
}

static bool normalize(
	struct weir_arena *arena, const struct weir_expr *expr, bool negate, struct weir_normal_form *ret, struct weir_err *err);

static bool normalize_list(
	struct weir_arena *arena, const struct weir_expr *expr, bool negate, struct weir_normal_form *ret, struct weir_err *err)
{
	bool is_or = (expr->kind == WEIR_EXPR_OR) != negate;
	struct weir_normal_form form, next;

	if (!normalize(arena, expr->children[0], negate, &form, err))
		return false;
	for (size_t i = 1; i < expr->child_count; i++) {
		if (!normalize(arena, expr->children[i], negate, &next, err))
			return false;
		form = is_or ? join_or(arena, form, next) : join_and(arena, form, next);
	}
	*ret = form;
	return true;
}

/* value IN (a, b) as value = a OR value = b */
static bool normalize_in(struct weir_arena *arena, const struct weir_expr *expr, bool negate, struct weir_normal_form *ret)
{
	struct weir_normal_form form = { 0 };

	for (size_t i = 1; i < expr->child_count; i++) {
		struct weir_builder builder = builder_of(arena, expr);
		const struct weir_expr *sides[] = { expr->children[0], expr->children[i] };
		struct weir_expr *equal = weir_build_node(&builder, WEIR_EXPR_COMPARE, &weir_type_boolean, sides, 2);

		equal->op = WEIR_COMPARE_EQ;
		struct weir_normal_form next = single(arena, negate ? negated(arena, equal) : equal);
		form = i == 1 ? next : negate ? join_and(arena, form, next) : join_or(arena, form, next);
	}
	*ret = form;
	return true;
}

static bool normalize(
	struct weir_arena *arena, const struct weir_expr *expr, bool negate, struct weir_normal_form *ret, struct weir_err *err)
{
	switch (expr->kind) {
	case WEIR_EXPR_AND:
	case WEIR_EXPR_OR:
		return normalize_list(arena, expr, negate, ret, err);
	case WEIR_EXPR_NOT:
		return normalize(arena, expr->children[0], !negate, ret, err);
	case WEIR_EXPR_IN:
		return normalize_in(arena, expr, negate, ret);
	case WEIR_EXPR_COMPARE:
	case WEIR_EXPR_LIKE:
		*ret = single(arena, negate ? negated(arena, expr) : expr);
		return true;
	default:
		weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, expr->line, expr->column,
			"WHERE of a pull query takes comparisons, BETWEEN, IN and LIKE, combined by AND, OR and NOT; not %.*s.",
			WEIR_SLICE_ARG(expr->text));
		return weir_err_advise(err, "Add EMIT CHANGES for a push query, which takes any condition.");
	}
}

bool weir_normal_form(
	struct weir_arena *arena, const struct weir_expr *predicate, struct weir_normal_form *ret, struct weir_err *err)
{
	return normalize(arena, predicate, false, ret, err);
}
