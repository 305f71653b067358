/* Inside analyze/: disjunctive normal form of a pull query's WHERE. */
#pragma once

#include "expr/expr.h"

struct weir_conjunction {
	const struct weir_expr *const *leaves; /* COMPARE or LIKE, or NOT of a LIKE */
	size_t count;
};

struct weir_normal_form {
	const struct weir_conjunction *disjuncts;
	size_t count;
};

/* Errors: a leaf that is neither a comparison nor LIKE. A predicate that would grow beyond the limit comes out as one disjunct
 * without leaves (which says nothing: a scan). */
bool weir_normal_form(
	struct weir_arena *arena, const struct weir_expr *predicate, struct weir_normal_form *ret, struct weir_err *err);
