/* Inside analyze/: making typed expression nodes. Each call checks the operands' types, inserts the casts that the language makes
 * by itself (semantics §3.1–3.8), and knows nothing of the AST.
 *
 * Holds: a node that comes out is complete and correct; texts in messages are the user's.
 */
#pragma once

#include "expr/expr.h"

/* Where an expression stands and how the user wrote it. */
struct weir_place {
	int line, column;
	struct weir_slice text;
};

struct weir_builder {
	struct weir_arena *arena;
	struct weir_place place;
};

struct weir_expr *weir_build_node(const struct weir_builder *builder, enum weir_expr_kind kind, const struct weir_type *type,
	const struct weir_expr *const *children, size_t count);
const struct weir_expr *weir_build_literal(
	const struct weir_builder *builder, const struct weir_type *type, struct weir_value value);
const struct weir_expr *weir_build_column(const struct weir_builder *builder, int index, const struct weir_type *type);
/* The operand itself when it has the type already. The node keeps the operand's place and text. */
const struct weir_expr *weir_build_cast(
	struct weir_arena *arena, const struct weir_expr *operand, const struct weir_type *type, enum weir_cast_kind kind);

static inline bool weir_expr_is_null_literal(const struct weir_expr *expr)
{
	return expr->type && expr->type->kind == WEIR_KIND_NULL;
}

bool weir_build_arithmetic(const struct weir_builder *builder, char op, const struct weir_expr *left, const struct weir_expr *right,
	const struct weir_expr **ret, struct weir_err *err);
bool weir_build_negate(
	const struct weir_builder *builder, const struct weir_expr *operand, const struct weir_expr **ret, struct weir_err *err);
bool weir_build_compare(const struct weir_builder *builder, enum weir_compare_op op, const struct weir_expr *left,
	const struct weir_expr *right, const struct weir_expr **ret, struct weir_err *err);
/* x >= low AND x <= high */
bool weir_build_between(const struct weir_builder *builder, const struct weir_expr *value, const struct weir_expr *low,
	const struct weir_expr *high, const struct weir_expr **ret, struct weir_err *err);
/* AND, OR, NOT: operands must be BOOLEAN; AND and OR are flattened. */
bool weir_build_logic(const struct weir_builder *builder, enum weir_expr_kind kind, const struct weir_expr *const *children,
	size_t count, const struct weir_expr **ret, struct weir_err *err);
bool weir_build_in(const struct weir_builder *builder, const struct weir_expr *value, const struct weir_expr *const *members,
	size_t count, const struct weir_expr **ret, struct weir_err *err);
bool weir_build_like(const struct weir_builder *builder, const struct weir_expr *value, const struct weir_expr *pattern, int escape,
	const struct weir_expr **ret, struct weir_err *err);
/* children: when, then, …, [else] */
bool weir_build_case(const struct weir_builder *builder, const struct weir_expr *const *children, size_t count,
	const struct weir_expr **ret, struct weir_err *err);
bool weir_build_field(const struct weir_builder *builder, const struct weir_expr *record, struct weir_slice field,
	const struct weir_expr **ret, struct weir_err *err);
bool weir_build_subscript(const struct weir_builder *builder, const struct weir_expr *collection, const struct weir_expr *index,
	const struct weir_expr **ret, struct weir_err *err);
bool weir_build_explicit_cast(const struct weir_builder *builder, const struct weir_expr *operand, const struct weir_type *type,
	const struct weir_expr **ret, struct weir_err *err);
bool weir_build_array(const struct weir_builder *builder, const struct weir_expr *const *items, size_t count,
	const struct weir_expr **ret, struct weir_err *err);
/* keys and values alternate */
bool weir_build_map(const struct weir_builder *builder, const struct weir_expr *const *entries, size_t count,
	const struct weir_expr **ret, struct weir_err *err);
bool weir_build_struct(const struct weir_builder *builder, const struct weir_slice *names, const struct weir_expr *const *values,
	size_t count, const struct weir_expr **ret, struct weir_err *err);

/* ---- coerce.c: common types of lists (semantics §3.7) ---- */

/* Wider of two numeric types; DECIMALs widen to hold both. NULL: not both numeric. */
const struct weir_type *weir_widen_numeric(struct weir_arena *arena, const struct weir_type *a, const struct weir_type *b);
/* INTEGER and BIGINT as the DECIMAL that holds them; others unchanged. */
const struct weir_type *weir_type_as_decimal(struct weir_arena *arena, const struct weir_type *type);
/* Brings all items to one type: `items` is rewritten in place (NULL literals become typed NULLs). *ret_type NULL: only NULLs. */
bool weir_coerce_list(const struct weir_builder *builder, const struct weir_expr **items, size_t count,
	const struct weir_type **ret_type, struct weir_err *err);
