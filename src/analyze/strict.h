/* Inside analyze/: bringing an evaluated value to a column's type without losing anything (semantics §2.6): INSERT VALUES, keys of
 * pull queries. */
#pragma once

#include "base/clock.h"
#include "expr/expr.h"

/* `expr` names no columns. The value lives in the arena. Errors: TYPE with both types named at the expression's place. */
bool weir_strict_value(struct weir_arena *arena, const struct weir_clock *clock, const struct weir_expr *expr,
	const struct weir_type *type, struct weir_slice what, struct weir_value *ret, struct weir_err *err);
