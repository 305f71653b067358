/* Evaluating bound expressions: compiled once per task into a tree of closures over the same arena; no allocation per row but for
 * results in the batch arena.
 *
 * Rules of NULLs and errors: spec semantics.md §3.3, §3.4 (two-valued comparisons; an error is contained at the smallest of CAST,
 * nested call arguments, ARRAY items, MAP entries, STRUCT fields, or else makes the whole expression NULL).
 */
#pragma once

#include "expr/expr.h"
#include "types/row.h"

struct weir_evaluator;

struct weir_eval_context {
	struct weir_arena *arena; /* the batch's: results that need memory */
	const struct weir_clock *clock;
	/* A contained error (the value became NULL and evaluation went on) is told here; may be NULL. */
	void (*on_error)(void *ctx, const struct weir_err *err);
	void *on_error_ctx;
	/* The evaluator's own; zero-initialise. */
	struct weir_value *lambda_slots;
	bool is_predicate; /* nothing is contained: an error anywhere makes a filter false */
};

/* Constants are folded here. Lives in `arena`; never freed apart from it. */
bool weir_evaluator_new(struct weir_arena *arena, const struct weir_expr *expr, struct weir_evaluator **ret, struct weir_err *err);

/* FAILED: the value is NULL and *err (may be NULL) says why. */
enum weir_result weir_evaluate(const struct weir_evaluator *evaluator, struct weir_eval_context *context,
	const struct weir_row *row, union weir_cell *ret, struct weir_err *err);

/* For filters: true only when the value is TRUE; *ret_failed when it could not be evaluated. */
bool weir_evaluate_predicate(const struct weir_evaluator *evaluator, struct weir_eval_context *context, const struct weir_row *row,
	bool *ret_failed, struct weir_err *err);

/* Evaluates a column-free expression at once (INSERT VALUES, WITH values, pull query keys). The result lives in `arena`. */
enum weir_result weir_evaluate_constant(struct weir_arena *arena, const struct weir_clock *clock, const struct weir_expr *expr,
	union weir_cell *ret, struct weir_err *err);
