/* What a SQL function is: a const descriptor beside its code, from which calls, SHOW/DESCRIBE FUNCTION, the manual and a test that
 * runs every example are fed. One function per file; functions/list.def lists them all.
 *
 * Rules of resolution and implicit casts: spec functions.md §1. Evaluation is row by row through `eval`.
 */
#pragma once

#include "base/clock.h"
#include "types/cell.h"

#define WEIR_MAX_STRING_BYTES ((size_t)64 << 20)
#define WEIR_FN_MAX_PARAMS    6
#define WEIR_FN_MAX_OVERLOADS 24
#define WEIR_FN_MAX_EXAMPLES  12

/* A parameter's or result's type pattern. Made by the macros below; compared and bound by resolve.c. */
enum weir_pattern_kind {
	WEIR_PATTERN_NONE = 0, /* ends a list */
	WEIR_PATTERN_EXACT,    /* a scalar type; DECIMAL stands for any precision and scale */
	WEIR_PATTERN_GENERIC,  /* a type variable */
	WEIR_PATTERN_ANY,
	WEIR_PATTERN_ARRAY,
	WEIR_PATTERN_MAP,
	WEIR_PATTERN_STRUCT, /* a fixed struct type, in `type` */
	WEIR_PATTERN_INTERVAL_UNIT,
	WEIR_PATTERN_LAMBDA,
};

struct weir_pattern {
	enum weir_pattern_kind kind;
	enum weir_kind exact;
	char generic; /* 'T', 'K', 'V', … */
	const struct weir_pattern *key, *element;
	const struct weir_type *type;
	const struct weir_pattern *lambda_params; /* ended by WEIR_PATTERN_NONE */
	const struct weir_pattern *lambda_result;
};

struct weir_param {
	struct weir_pattern pattern;
	const char *name;
	const char *doc;
	bool is_variadic;
	bool is_primitive; /* NULL is an evaluation error here ("!" in functions.md) */
};

enum weir_null_rule {
	WEIR_NULLS_TO_EVAL = 0, /* eval sees NULL arguments */
	WEIR_NULL_IF_ANY_NULL,  /* any NULL argument gives NULL without a call */
};

/* Calls a lambda argument. Implemented by expr/. */
struct weir_lambda {
	enum weir_result (*call)(const struct weir_lambda *self, const struct weir_value *args, size_t count, union weir_cell *ret,
		struct weir_err *err);
	size_t param_count;
	const struct weir_type *result_type;
};

/* Everything an evaluation sees. Lives for one call; results may point into the arguments or the arena. */
struct weir_call {
	const union weir_cell *args;
	const bool *arg_is_null;
	const struct weir_type *const *arg_types; /* after implicit casts */
	size_t arg_count;
	const struct weir_lambda *const *lambdas; /* by argument index; NULL where the argument is none */
	const struct weir_type *return_type;
	struct weir_arena *arena; /* the batch's */
	const struct weir_clock *clock;
	void *prepared; /* what the overload's prepare made, or NULL */
};

struct weir_overload {
	struct weir_param params[WEIR_FN_MAX_PARAMS]; /* ended by WEIR_PATTERN_NONE */
	struct weir_pattern returns;
	/* When the result's type is not just the bound pattern (DECIMAL arithmetic): computes it. NULL otherwise. */
	const struct weir_type *(*return_type)(
		struct weir_arena *arena, const struct weir_type *const *arg_types, size_t count, struct weir_err *err);
	enum weir_null_rule nulls;
	/* Called once per use with constant arguments filled in (others NULL pointers): compiled patterns and the like, from the
	 * plan's arena. */
	void *(*prepare)(struct weir_arena *arena, const struct weir_value *const *constants, size_t count);
	enum weir_result (*eval)(struct weir_call *call, union weir_cell *ret, struct weir_err *err);
	const char *doc;
};

struct weir_example {
	const char *call;   /* SQL expression */
	const char *result; /* SQL literal or expression that must be equal to it */
};

struct weir_scalar_function {
	const char *name;     /* upper case */
	const char *spelling; /* registered spelling in messages; NULL: name */
	const char *category;
	const char *summary;
	struct weir_overload overloads[WEIR_FN_MAX_OVERLOADS]; /* ended by an empty one */
	bool is_volatile;                                      /* not folded when constant: NOW, UUID, RANDOM */
	struct weir_example examples[WEIR_FN_MAX_EXAMPLES];
};

/* ---- Aggregates ----
 * State of one group is an ordinary SQL value of type state_type (it goes to the store and the changelog). Small fixed states
 * (numbers) stay inline cells, so COUNT and SUM allocate nothing per row. Cells written to *state must live in `arena`
 * (the batch's); the store copies what it keeps. */
struct weir_aggregate_call {
	const union weir_cell *args;
	const bool *arg_is_null;
	const struct weir_type *const *arg_types;
	size_t arg_count;
	const struct weir_type *state_type, *return_type;
	const struct weir_value *literals; /* constant init arguments (LATEST_BY_OFFSET(x, 3, true), TOPK(x, 3)) */
	size_t literal_count;
	struct weir_arena *arena;
	int64_t sequence; /* of the row being added: later rows of a task have greater ones, also after a restart */
};

struct weir_aggregate_overload {
	struct weir_param params[WEIR_FN_MAX_PARAMS];   /* column arguments */
	struct weir_param literals[WEIR_FN_MAX_PARAMS]; /* trailing constant arguments */
	/* From argument types to state and result types; NULL: both are `returns` bound. */
	bool (*types)(struct weir_arena *arena, const struct weir_type *const *arg_types, size_t count,
		const struct weir_value *literals, size_t literal_count, const struct weir_type **ret_state,
		const struct weir_type **ret_result, struct weir_err *err);
	struct weir_pattern returns;
	void (*init)(const struct weir_aggregate_call *call, struct weir_value *state);
	enum weir_result (*add)(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err);
	enum weir_result (*undo)(
		struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err); /* NULL: streams only */
	/* Session windows: state = state merged with `other` (the later one). The left side starts as a fresh state, the sessions
	 * that a row joins are folded oldest first, and the row is added last. */
	enum weir_result (*merge)(
		struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *other, struct weir_err *err);
	/* State → result; NULL: the state is the result. */
	enum weir_result (*finish)(const struct weir_aggregate_call *call, const struct weir_value *state, struct weir_value *ret,
		struct weir_err *err);
	const char *doc;
};

struct weir_aggregate_function {
	const char *name, *spelling, *summary;
	struct weir_aggregate_overload overloads[WEIR_FN_MAX_OVERLOADS];
};

/* ---- Table functions: one row in, an array of rows out ----
 * Described as scalar functions are; a table function returns the ARRAY of its rows, of which a use in SELECT sees one at a time.
 */

/* ---- Lookup and resolution (list.c, resolve.c) ---- */
enum weir_function_kind { WEIR_FUNCTION_NONE, WEIR_FUNCTION_SCALAR, WEIR_FUNCTION_AGGREGATE, WEIR_FUNCTION_TABLE };

struct weir_function_ref {
	enum weir_function_kind kind;
	const struct weir_scalar_function *scalar;
	const struct weir_aggregate_function *aggregate;
	const struct weir_scalar_function *table;
};

/* Case-insensitive; kind NONE when unknown. */
struct weir_function_ref weir_function_find(struct weir_slice name);
/* The name nearest to an unknown one, or NULL. */
const char *weir_function_suggest(struct weir_slice name);
/* All functions, by name; i from 0 until kind is NONE. */
struct weir_function_ref weir_function_at(size_t i);

/* One argument of a call as resolution sees it. */
struct weir_argument {
	const struct weir_type *type; /* &weir_type_null for an untyped NULL; NULL for a lambda or an interval unit */
	bool is_interval_unit;
	size_t lambda_params; /* > 0: a lambda with that many parameters */
	/* A lambda's body is typed through this once its parameters' types are bound; set by the caller. */
	const struct weir_type *(*lambda_type)(
		void *ctx, const struct weir_type *const *params, size_t count, struct weir_err *err);
	void *lambda_ctx;
};

struct weir_binding {
	const struct weir_overload *overload;
	const struct weir_type *return_type;
	/* Per argument: the type it must be cast to (equal to its own when no cast is needed; NULL for lambdas and units). */
	const struct weir_type **arg_types;
	/* Per argument that is a lambda: its parameters' types, bound; NULL otherwise. */
	const struct weir_type *const **lambda_param_types;
};

/* Scalar and table functions. Results live in the arena. Errors: WEIR_E_TYPE with the alternatives listed. */
bool weir_scalar_resolve(struct weir_arena *arena, const struct weir_scalar_function *function, const struct weir_argument *args,
	size_t count, struct weir_binding *ret, struct weir_err *err);

struct weir_aggregate_binding {
	const struct weir_aggregate_overload *overload;
	size_t column_arg_count; /* the remaining arguments are literals */
	const struct weir_type *state_type, *return_type;
	const struct weir_value *literals;
	size_t literal_count;
};

/* `constants[i]` is the value of argument i when it is a literal, else NULL. Aggregates never cast (functions.md §1.3). */
bool weir_aggregate_resolve(struct weir_arena *arena, const struct weir_aggregate_function *function,
	const struct weir_argument *args, const struct weir_value *const *constants, size_t count,
	struct weir_aggregate_binding *ret, struct weir_err *err);
