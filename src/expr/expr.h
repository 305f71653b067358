/* Typed expressions: a bound, immutable tree made by analyze/, printed in plans, compiled by evaluator.h.
 *
 * Holds: every node's type is known; implicit casts are explicit CAST nodes; columns are cell indexes of the row the expression is
 * evaluated on; function calls are resolved. Trees live in the plan's arena and are shared between tasks.
 */
#pragma once

#include "functions/function.h"
#include "types/schema.h"

enum weir_expr_kind {
	WEIR_EXPR_LITERAL,
	WEIR_EXPR_COLUMN,    /* cell `index` of the row */
	WEIR_EXPR_PSEUDO,    /* a field of the row's header */
	WEIR_EXPR_FIELD,     /* child[0] -> field `index` */
	WEIR_EXPR_SUBSCRIPT, /* child[0] [ child[1] ]: ARRAY or MAP */
	WEIR_EXPR_CALL,      /* scalar function */
	WEIR_EXPR_CAST,
	WEIR_EXPR_ARITHMETIC, /* op '+', '-', '*', '/', '%'; STRING + STRING concatenates */
	WEIR_EXPR_NEGATE,
	WEIR_EXPR_COMPARE, /* op WEIR_COMPARE_* */
	WEIR_EXPR_AND,     /* n children */
	WEIR_EXPR_OR,
	WEIR_EXPR_NOT,
	WEIR_EXPR_IS_NULL,
	WEIR_EXPR_IS_NOT_NULL,
	WEIR_EXPR_LIKE, /* children: value, pattern; op: escape character or 0 */
	WEIR_EXPR_IN,   /* children: value, members… */
	WEIR_EXPR_CASE, /* children: when, then, …, [else]; odd count: has else */
	WEIR_EXPR_ARRAY,
	WEIR_EXPR_MAP,             /* children: key, value, … */
	WEIR_EXPR_STRUCT,          /* children in the type's field order */
	WEIR_EXPR_LAMBDA,          /* child[0]: body; index: slot of its first parameter; op: number of parameters */
	WEIR_EXPR_LAMBDA_VARIABLE, /* index: slot */
};

enum weir_compare_op {
	WEIR_COMPARE_EQ,
	WEIR_COMPARE_NE,
	WEIR_COMPARE_LT,
	WEIR_COMPARE_LE,
	WEIR_COMPARE_GT,
	WEIR_COMPARE_GE,
	WEIR_COMPARE_DISTINCT,
	WEIR_COMPARE_NOT_DISTINCT,
};

enum weir_pseudo {
	WEIR_PSEUDO_ROWTIME,
	WEIR_PSEUDO_ROWPARTITION,
	WEIR_PSEUDO_ROWOFFSET,
	WEIR_PSEUDO_WINDOWSTART,
	WEIR_PSEUDO_WINDOWEND,
};

/* `op` of a CAST. */
enum weir_cast_kind {
	WEIR_CAST_WRITTEN, /* by the user or for a function's argument: a failure is contained, the value becomes NULL */
	WEIR_CAST_STRICT,  /* put in by a comparison or an operator: a failure is the whole expression's */
};

struct weir_expr {
	enum weir_expr_kind kind;
	const struct weir_type *type;
	int line, column; /* in the statement; 0 unknown */
	int index;
	int op;
	enum weir_pseudo pseudo;
	struct weir_value literal;
	const struct weir_binding *binding;          /* CALL */
	const struct weir_scalar_function *function; /* CALL */
	const struct weir_expr *const *children;
	size_t child_count;
	struct weir_slice text; /* as the user wrote it (canonical SQL), for messages and plans */
};

/* Two trees that compute the same by construction (GROUP BY matching). */
bool weir_expr_equals(const struct weir_expr *a, const struct weir_expr *b);
/* Sets used[i] for every column cell the tree reads. */
void weir_expr_collect_columns(const struct weir_expr *expr, bool *used);
/* Does it read nothing but cells below key_count? False for header fields like ROWTIME (semantics §4.3: they are the value's). */
bool weir_expr_reads_only_keys(const struct weir_expr *expr, size_t key_count);
/* As the user wrote it, where that is known; else spelled from the tree. */
void weir_expr_print(struct weir_buf *out, const struct weir_expr *expr);
/* A deep copy that owes nothing to other memory. Column i becomes column map[i + shift] (map NULL: i + shift). */
const struct weir_expr *weir_expr_copy(struct weir_arena *arena, const struct weir_expr *expr, int shift, const int *map);
