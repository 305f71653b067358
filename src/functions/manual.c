/* docs/functions.md: one section a category, one entry a function: what it does, its variants, its examples. */
#include "functions/manual.h"

#include "base/vec.h"
#include "functions/function.h"

#include <stdlib.h>

static const char *name_of(const struct weir_function_ref *ref)
{
	return ref->scalar ? ref->scalar->name : ref->aggregate ? ref->aggregate->name : ref->table->name;
}

static const char *category_of(const struct weir_function_ref *ref)
{
	if (ref->kind == WEIR_FUNCTION_AGGREGATE)
		return "AGGREGATE";
	if (ref->kind == WEIR_FUNCTION_TABLE)
		return "TABLE";
	return ref->scalar->category ? ref->scalar->category : "OTHER";
}

/* Scalar functions by category, aggregates and table functions behind them. */
static int by_category(const void *a, const void *b)
{
	const struct weir_function_ref *x = a, *y = b;
	int order = x->kind != y->kind ? (x->kind > y->kind) - (x->kind < y->kind) : strcmp(category_of(x), category_of(y));

	return order ? order : strcmp(name_of(x), name_of(y));
}

/* ---- Signatures ---- */

static void print_pattern(struct weir_buf *out, const struct weir_pattern *pattern);

static void print_lambda(struct weir_buf *out, const struct weir_pattern *pattern)
{
	weir_buf_append_byte(out, '(');
	for (size_t i = 0; pattern->lambda_params[i].kind != WEIR_PATTERN_NONE; i++) {
		weir_buf_append_text(out, i ? ", " : "");
		print_pattern(out, &pattern->lambda_params[i]);
	}
	weir_buf_append_text(out, ") => ");
	print_pattern(out, pattern->lambda_result);
}

static void print_pattern(struct weir_buf *out, const struct weir_pattern *pattern)
{
	switch (pattern->kind) {
	case WEIR_PATTERN_EXACT:
		weir_buf_append_text(out, pattern->exact == WEIR_KIND_INTEGER ? "INT" : weir_kind_name(pattern->exact));
		break;
	case WEIR_PATTERN_GENERIC:
		weir_buf_append_byte(out, pattern->generic);
		break;
	case WEIR_PATTERN_ANY:
		weir_buf_append_text(out, "ANY");
		break;
	case WEIR_PATTERN_ARRAY:
		weir_buf_append_text(out, "ARRAY<");
		print_pattern(out, pattern->element);
		weir_buf_append_byte(out, '>');
		break;
	case WEIR_PATTERN_MAP:
		weir_buf_append_text(out, "MAP<");
		print_pattern(out, pattern->key);
		weir_buf_append_text(out, ", ");
		print_pattern(out, pattern->element);
		weir_buf_append_byte(out, '>');
		break;
	case WEIR_PATTERN_STRUCT:
		weir_type_print(out, pattern->type);
		break;
	case WEIR_PATTERN_INTERVAL_UNIT:
		weir_buf_append_text(out, "UNIT");
		break;
	case WEIR_PATTERN_LAMBDA:
		print_lambda(out, pattern);
		break;
	case WEIR_PATTERN_NONE: /* what an overload computes: always a DECIMAL among scalar functions */
		weir_buf_append_text(out, "DECIMAL");
		break;
	}
}

static bool has_param(const struct weir_param *params, size_t i)
{
	return i < WEIR_FN_MAX_PARAMS && params[i].pattern.kind != WEIR_PATTERN_NONE;
}

/* `any_before`: parameters stand in front of these. */
static void print_params(struct weir_buf *out, const struct weir_param *params, bool any_before)
{
	for (size_t i = 0; has_param(params, i); i++) {
		weir_buf_append_text(out, i || any_before ? ", " : "");
		weir_buf_printf(out, "%s ", params[i].name ? params[i].name : "value");
		print_pattern(out, &params[i].pattern);
		weir_buf_append_text(out, params[i].is_variadic ? "..." : "");
	}
}

/* A table function's rows are the items of the array that it returns. */
static void print_signatures(struct weir_buf *out, const struct weir_scalar_function *function, bool is_table)
{
	for (size_t i = 0; i < WEIR_FN_MAX_OVERLOADS && function->overloads[i].eval; i++) {
		const struct weir_pattern *returns = &function->overloads[i].returns;
		bool is_rows = is_table && returns->kind == WEIR_PATTERN_ARRAY;
		weir_buf_printf(out, "%s(", function->name);
		print_params(out, function->overloads[i].params, false);
		weir_buf_append_text(out, is_rows ? ") → rows of " : ") → ");
		print_pattern(out, is_rows ? returns->element : returns);
		weir_buf_append_byte(out, '\n');
	}
}

static void print_aggregate_signatures(struct weir_buf *out, const struct weir_aggregate_function *function)
{
	for (size_t i = 0; i < WEIR_FN_MAX_OVERLOADS && function->overloads[i].add; i++) {
		const struct weir_aggregate_overload *overload = &function->overloads[i];
		weir_buf_printf(out, "%s(", function->name);
		print_params(out, overload->params, false);
		print_params(out, overload->literals, has_param(overload->params, 0));
		weir_buf_append_byte(out, ')');
		if (overload->returns.kind != WEIR_PATTERN_NONE) {
			weir_buf_append_text(out, " → ");
			print_pattern(out, &overload->returns);
		}
		weir_buf_append_byte(out, '\n');
	}
}

/* ---- Entries ---- */

static bool null_gives_null(const struct weir_scalar_function *function)
{
	bool any = false;

	for (size_t i = 0; i < WEIR_FN_MAX_OVERLOADS && function->overloads[i].eval; i++) {
		if (!has_param(function->overloads[i].params, 0))
			continue;
		if (function->overloads[i].nulls != WEIR_NULL_IF_ANY_NULL)
			return false;
		any = true;
	}
	return any;
}

static void print_examples(struct weir_buf *out, const struct weir_scalar_function *function)
{
	if (!function->examples[0].call)
		return;
	weir_buf_append_text(out, "\n```sql\n");
	for (size_t i = 0; i < WEIR_FN_MAX_EXAMPLES && function->examples[i].call; i++)
		weir_buf_printf(out, "%s  -- %s\n", function->examples[i].call, function->examples[i].result);
	weir_buf_append_text(out, "```\n");
}

static void print_entry(struct weir_buf *out, const struct weir_function_ref *ref)
{
	const char *summary = ref->scalar ? ref->scalar->summary : ref->aggregate ? ref->aggregate->summary : ref->table->summary;

	weir_buf_printf(out, "\n### %s\n\n%s", name_of(ref), summary ? summary : "");
	if (ref->scalar && null_gives_null(ref->scalar))
		weir_buf_append_text(out, " NULL if an argument is NULL.");
	weir_buf_append_text(out, "\n\n```\n");
	if (ref->aggregate)
		print_aggregate_signatures(out, ref->aggregate);
	else
		print_signatures(out, ref->scalar ? ref->scalar : ref->table, ref->table != NULL);
	weir_buf_append_text(out, "```\n");
	if (ref->scalar)
		print_examples(out, ref->scalar);
}

/* "REGULAR EXPRESSION" → "Regular expression functions"; JSON and URL stay as they are. */
static void print_heading(struct weir_buf *out, const char *category)
{
	bool is_acronym = strcmp(category, "JSON") == 0 || strcmp(category, "URL") == 0;

	weir_buf_append_text(out, "\n## ");
	for (const char *p = category; *p; p++)
		weir_buf_append_byte(out, (char)(p > category && !is_acronym && *p >= 'A' && *p <= 'Z' ? *p | 32 : *p));
	weir_buf_append_text(out, " functions\n");
}

static const char introduction[] = "# Functions\n"
				   "\n"
				   "<!-- Made of the functions' descriptors: change src/functions/, then run `make manual`. -->\n"
				   "\n"
				   "Every function, by category. `T`, `K`, `V`, `R`, `S` stand for any type, the same letter for "
				   "the same type; `...` for any number of\n"
				   "arguments; `UNIT` is DAYS, HOURS, MINUTES, SECONDS or MILLISECONDS. An argument is cast where "
				   "no variant takes its type: INT to\n"
				   "BIGINT, DECIMAL or DOUBLE, BIGINT to DECIMAL or DOUBLE, DECIMAL to DOUBLE, STRING to BYTES "
				   "(base64), DATE, TIME or TIMESTAMP.\n"
				   "A value that a function cannot work on gives NULL, and the error is counted and logged. "
				   "`DESCRIBE FUNCTION name;` tells the same\n"
				   "in the terminal; a test runs every example.\n";

void weir_functions_write_manual(struct weir_buf *out)
{
	WEIR_VEC(struct weir_function_ref) all = { 0 };
	struct weir_function_ref ref;

	for (size_t i = 0; (ref = weir_function_at(i)).kind != WEIR_FUNCTION_NONE; i++)
		WEIR_VEC_PUSH(&all, ref);
	qsort(all.items, all.count, sizeof *all.items, by_category);
	weir_buf_append_text(out, introduction);
	for (size_t i = 0; i < all.count; i++) {
		if (i == 0 || strcmp(category_of(&all.items[i]), category_of(&all.items[i - 1])) != 0)
			print_heading(out, category_of(&all.items[i]));
		print_entry(out, &all.items[i]);
	}
	WEIR_VEC_FREE(&all);
}
