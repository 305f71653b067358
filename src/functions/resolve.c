/* Which overload a call means. The algorithm is functions.md §1.3–1.5: an exact pass, then (scalar and table functions) one with
 * implicit casts; among several matches a fixed order of preferences, and no preference for the nearest number. */
#include "base/buf.h"
#include "base/vec.h"
#include "functions/function.h"
#include "types/cast.h"

#include <stdio.h>

#define MAX_GENERICS 8

struct generics {
	char letters[MAX_GENERICS];
	const struct weir_type *types[MAX_GENERICS];
	size_t count;
};

static const struct weir_type *bound(const struct generics *generics, char letter)
{
	for (size_t i = 0; i < generics->count; i++)
		if (generics->letters[i] == letter)
			return generics->types[i];
	return NULL;
}

static bool bind(struct generics *generics, char letter, const struct weir_type *type)
{
	const struct weir_type *known = bound(generics, letter);

	if (type->kind == WEIR_KIND_NULL)
		return true;
	if (known)
		return weir_type_equals(known, type);
	if (generics->count == MAX_GENERICS)
		return false;
	generics->letters[generics->count] = letter;
	generics->types[generics->count++] = type;
	return true;
}

static bool has_generic(const struct weir_pattern *pattern)
{
	return pattern->kind == WEIR_PATTERN_GENERIC || pattern->kind == WEIR_PATTERN_ANY ||
	       (pattern->element && has_generic(pattern->element)) || (pattern->key && has_generic(pattern->key));
}

/* A scalar type that stands for a pattern's kind: the target of a cast. */
static const struct weir_type *target_of(struct weir_arena *arena, enum weir_kind kind, const struct weir_type *from)
{
	static const struct weir_type *const simple[WEIR_KIND_COUNT] = {
		[WEIR_KIND_BOOLEAN] = &weir_type_boolean,
		[WEIR_KIND_INTEGER] = &weir_type_integer,
		[WEIR_KIND_BIGINT] = &weir_type_bigint,
		[WEIR_KIND_DOUBLE] = &weir_type_double,
		[WEIR_KIND_STRING] = &weir_type_string,
		[WEIR_KIND_BYTES] = &weir_type_bytes,
		[WEIR_KIND_DATE] = &weir_type_date,
		[WEIR_KIND_TIME] = &weir_type_time,
		[WEIR_KIND_TIMESTAMP] = &weir_type_timestamp,
	};

	if (kind != WEIR_KIND_DECIMAL)
		return simple[kind];
	if (from->kind == WEIR_KIND_DECIMAL)
		return from;
	return weir_type_decimal(arena, from->kind == WEIR_KIND_BIGINT ? 19 : 10, 0);
}

static bool may_cast(enum weir_kind from, enum weir_kind to)
{
	switch (from) {
	case WEIR_KIND_INTEGER:
		return to == WEIR_KIND_BIGINT || to == WEIR_KIND_DECIMAL || to == WEIR_KIND_DOUBLE;
	case WEIR_KIND_BIGINT:
		return to == WEIR_KIND_DECIMAL || to == WEIR_KIND_DOUBLE;
	case WEIR_KIND_DECIMAL:
		return to == WEIR_KIND_DOUBLE;
	case WEIR_KIND_STRING:
		return to == WEIR_KIND_DATE || to == WEIR_KIND_TIME || to == WEIR_KIND_TIMESTAMP || to == WEIR_KIND_BYTES;
	default:
		return false;
	}
}

/* Does a type fit a pattern? *ret_target: what it must be cast to. */
static bool accepts_type(struct weir_arena *arena, const struct weir_pattern *pattern, const struct weir_type *type,
	bool with_casts, struct generics *generics, const struct weir_type **ret_target)
{
	const struct weir_type *key, *element;

	*ret_target = type;
	if (type->kind == WEIR_KIND_NULL)
		return true;
	switch (pattern->kind) {
	case WEIR_PATTERN_EXACT:
		if (type->kind == pattern->exact)
			return true;
		if (!with_casts || !may_cast(type->kind, pattern->exact))
			return false;
		*ret_target = target_of(arena, pattern->exact, type);
		return true;
	case WEIR_PATTERN_GENERIC:
		return bind(generics, pattern->generic, type);
	case WEIR_PATTERN_ANY:
		return true;
	case WEIR_PATTERN_ARRAY:
		if (type->kind != WEIR_KIND_ARRAY || !accepts_type(arena, pattern->element, type->element,
							     with_casts && !has_generic(pattern), generics, &element))
			return false;
		if (element != type->element)
			*ret_target = weir_type_array(arena, element);
		return true;
	case WEIR_PATTERN_MAP:
		if (type->kind != WEIR_KIND_MAP ||
			!accepts_type(arena, pattern->key, type->key, with_casts && !has_generic(pattern), generics, &key) ||
			!accepts_type(
				arena, pattern->element, type->element, with_casts && !has_generic(pattern), generics, &element))
			return false;
		if (key != type->key || element != type->element)
			*ret_target = weir_type_map(arena, key, element);
		return true;
	case WEIR_PATTERN_STRUCT:
		return type->kind == WEIR_KIND_STRUCT && (type->field_count == 0 || weir_type_equals(type, pattern->type));
	default:
		return false;
	}
}

static size_t lambda_arity(const struct weir_pattern *pattern)
{
	size_t count = 0;

	while (pattern->lambda_params && pattern->lambda_params[count].kind != WEIR_PATTERN_NONE)
		count++;
	return count;
}

static bool accepts(struct weir_arena *arena, const struct weir_pattern *pattern, const struct weir_argument *arg, bool with_casts,
	struct generics *generics, const struct weir_type **ret_target)
{
	*ret_target = NULL;
	if (arg->is_interval_unit) /* matches anything during resolution; fails at run time elsewhere */
		return pattern->kind != WEIR_PATTERN_LAMBDA;
	if (arg->lambda_params)
		return pattern->kind == WEIR_PATTERN_LAMBDA && lambda_arity(pattern) == arg->lambda_params;
	if (pattern->kind == WEIR_PATTERN_LAMBDA)
		return false;
	if (pattern->kind == WEIR_PATTERN_INTERVAL_UNIT) {
		*ret_target = arg->type;
		return arg->type->kind == WEIR_KIND_NULL;
	}
	return accepts_type(arena, pattern, arg->type, with_casts, generics, ret_target);
}

static size_t param_count(const struct weir_param *params)
{
	size_t count = 0;

	while (count < WEIR_FN_MAX_PARAMS && params[count].pattern.kind != WEIR_PATTERN_NONE)
		count++;
	return count;
}

static int variadic_index(const struct weir_param *params, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (params[i].is_variadic)
			return (int)i;
	return -1;
}

/* The parameter that argument i meets; SIZE_MAX: too many arguments. */
static size_t param_of(size_t i, size_t arg_count, size_t params, int variadic)
{
	if (variadic < 0)
		return i < params ? i : SIZE_MAX;
	size_t before = (size_t)variadic, behind = params - before - 1;
	if (i < before)
		return i;
	if (i >= arg_count - behind)
		return params - (arg_count - i);
	return before;
}

struct match {
	const struct weir_type **targets;
	struct generics generics;
};

static bool matches_params(struct weir_arena *arena, const struct weir_param *params, const struct weir_argument *args,
	size_t count, bool with_casts, struct match *match)
{
	size_t param_total = param_count(params);
	int variadic = variadic_index(params, param_total);

	if (variadic < 0 ? count != param_total : count + 1 < param_total)
		return false;
	match->generics.count = 0;
	match->targets = WEIR_ARENA_ARRAY(arena, const struct weir_type *, count);
	for (size_t i = 0; i < count; i++) {
		size_t p = param_of(i, count, param_total, variadic);
		if (p == SIZE_MAX ||
			!accepts(arena, &params[p].pattern, &args[i], with_casts, &match->generics, &match->targets[i]))
			return false;
	}
	return true;
}

/* The array form of a variadic at the first or last place: one ARRAY argument for it. It only makes calls ambiguous or accepted by
 * accident; see functions.md §1.7. */
static bool matches_array_form(struct weir_arena *arena, const struct weir_param *params, const struct weir_argument *args,
	size_t count, struct match *match)
{
	size_t param_total = param_count(params);
	int variadic = variadic_index(params, param_total);

	if (variadic < 0 || count != param_total || ((size_t)variadic != 0 && (size_t)variadic + 1 != param_total))
		return false;
	const struct weir_type *type = args[variadic].type;
	if (!type || type->kind != WEIR_KIND_ARRAY)
		return false;
	struct weir_argument copy[WEIR_FN_MAX_PARAMS];
	memcpy(copy, args, count * sizeof *copy);
	copy[variadic].type = type->element;
	if (params[variadic].pattern.kind != WEIR_PATTERN_EXACT || params[variadic].pattern.exact != WEIR_KIND_STRING)
		return false;
	if (!matches_params(arena, params, copy, count, false, match))
		return false;
	match->targets[variadic] = &weir_type_string;
	return true;
}

static bool contains_generic(const struct weir_param *param)
{
	return has_generic(&param->pattern);
}

/* > 0: a is better. */
static int prefer(const struct weir_param *a, const struct weir_param *b)
{
	size_t count_a = param_count(a), count_b = param_count(b);
	int variadic_a = variadic_index(a, count_a), variadic_b = variadic_index(b, count_b);
	int generics_a = 0, generics_b = 0;

	if ((variadic_a < 0) != (variadic_b < 0))
		return variadic_a < 0 ? 1 : -1;
	if (count_a != count_b)
		return count_a > count_b ? 1 : -1;
	for (size_t i = 0; i < count_a; i++)
		generics_a += contains_generic(&a[i]);
	for (size_t i = 0; i < count_b; i++)
		generics_b += contains_generic(&b[i]);
	if (generics_a != generics_b)
		return generics_a < generics_b ? 1 : -1;
	if (variadic_a != variadic_b)
		return variadic_a > variadic_b ? 1 : -1;
	return 0;
}

static void print_args(struct weir_buf *out, const struct weir_argument *args, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i)
			weir_buf_append_text(out, ", ");
		if (args[i].is_interval_unit)
			weir_buf_append_text(out, "INTERVAL UNIT");
		else if (args[i].lambda_params)
			weir_buf_append_text(out, "LAMBDA");
		else
			weir_type_print(out, args[i].type);
	}
}

static void print_pattern(struct weir_buf *out, const struct weir_pattern *pattern)
{
	switch (pattern->kind) {
	case WEIR_PATTERN_EXACT:
		weir_buf_append_text(out, weir_kind_name(pattern->exact));
		break;
	case WEIR_PATTERN_GENERIC:
		weir_buf_append_byte(out, pattern->generic);
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
	case WEIR_PATTERN_INTERVAL_UNIT:
		weir_buf_append_text(out, "INTERVAL UNIT");
		break;
	case WEIR_PATTERN_LAMBDA:
		weir_buf_append_text(out, "LAMBDA (");
		for (size_t i = 0; i < lambda_arity(pattern); i++) {
			weir_buf_append_text(out, i ? ", " : "");
			print_pattern(out, &pattern->lambda_params[i]);
		}
		weir_buf_append_text(out, ") => ");
		print_pattern(out, pattern->lambda_result);
		break;
	default:
		weir_buf_append_text(out, "ANY");
	}
}

static void print_signature(struct weir_buf *out, const char *name, const struct weir_param *params)
{
	weir_buf_printf(out, "%s(", name);
	for (size_t i = 0; i < param_count(params); i++) {
		if (i)
			weir_buf_append_text(out, ", ");
		print_pattern(out, &params[i].pattern);
		weir_buf_printf(out, "%s %s", params[i].is_variadic ? "..." : "", params[i].name ? params[i].name : "value");
	}
	weir_buf_append_byte(out, ')');
}

static bool fail(const char *name, const struct weir_overload *overloads, const struct weir_argument *args, size_t count,
	bool ambiguous, struct weir_err *err)
{
	struct weir_buf text, advice;

	weir_buf_init(&text, WEIR_ERR_TEXT_BYTES);
	weir_buf_init(&advice, WEIR_ERR_ADVICE_BYTES - 64);
	print_args(&text, args, count);
	for (size_t i = 0; i < WEIR_FN_MAX_OVERLOADS && overloads[i].eval; i++) {
		weir_buf_append_text(&advice, i ? ", " : "");
		print_signature(&advice, name, overloads[i].params);
	}
	weir_err_set(err, WEIR_E_TYPE, ambiguous ? "%s(%s) could mean more than one variant" : "%s does not take (%s)", name,
		weir_buf_cstr(&text));
	weir_err_advise(err, ambiguous ? "CAST an argument. Variants: %s" : "It takes: %s", weir_buf_cstr(&advice));
	weir_buf_fini(&text);
	weir_buf_fini(&advice);
	return false;
}

/* functions.md §1.6: an untyped NULL alone in the place of a variadic fits both the normal and the array form. */
static bool fits_both_forms(const struct weir_overload *overload, const struct weir_argument *args, size_t count)
{
	size_t params = param_count(overload->params);
	int variadic = variadic_index(overload->params, params);

	return variadic >= 0 && count == params && args[variadic].type && args[variadic].type->kind == WEIR_KIND_NULL;
}

/* Index of the best overload in one pass; -1 none, -2 ambiguous. */
static int best_of(struct weir_arena *arena, const struct weir_overload *overloads, const struct weir_argument *args, size_t count,
	bool with_casts, struct match *ret_match)
{
	int best = -1;
	bool tie = false;

	for (int i = 0; i < WEIR_FN_MAX_OVERLOADS && overloads[i].eval; i++) {
		struct match match = { 0 };
		if (!matches_params(arena, overloads[i].params, args, count, with_casts, &match) &&
			(with_casts || !matches_array_form(arena, overloads[i].params, args, count, &match)))
			continue;
		int order = best < 0 ? 1 : prefer(overloads[i].params, overloads[best].params);
		if (order == 0)
			tie = true;
		if (order <= 0)
			continue;
		best = i;
		tie = false;
		*ret_match = match;
	}
	return tie || (best >= 0 && fits_both_forms(&overloads[best], args, count)) ? -2 : best;
}

static const struct weir_type *result_type(
	struct weir_arena *arena, const struct weir_pattern *pattern, const struct generics *generics)
{
	const struct weir_type *key, *element;

	switch (pattern->kind) {
	case WEIR_PATTERN_EXACT:
		return target_of(arena, pattern->exact, &weir_type_integer);
	case WEIR_PATTERN_GENERIC:
		return bound(generics, pattern->generic);
	case WEIR_PATTERN_ARRAY:
		element = result_type(arena, pattern->element, generics);
		return element ? weir_type_array(arena, element) : NULL;
	case WEIR_PATTERN_MAP:
		key = result_type(arena, pattern->key, generics);
		element = result_type(arena, pattern->element, generics);
		return key && element ? weir_type_map(arena, key, element) : NULL;
	case WEIR_PATTERN_STRUCT:
		return pattern->type;
	default:
		return NULL;
	}
}

/* The types of a lambda's parameters come from what the other arguments bound; its body's type must then be the one asked for. */
static bool type_lambda(struct weir_arena *arena, const struct weir_pattern *pattern, const struct weir_argument *arg,
	struct generics *generics, const struct weir_type *const **ret_params, struct weir_err *err)
{
	size_t count = lambda_arity(pattern);
	const struct weir_type **params = WEIR_ARENA_ARRAY(arena, const struct weir_type *, count + 1), *target;

	for (size_t i = 0; i < count; i++) {
		params[i] = result_type(arena, &pattern->lambda_params[i], generics);
		if (!params[i])
			return weir_err_set(
				err, WEIR_E_TYPE, "The type of a lambda's parameter cannot be told from an untyped NULL");
	}
	const struct weir_type *body = arg->lambda_type(arg->lambda_ctx, params, count, err);
	if (!body)
		return false;
	*ret_params = params;
	if (accepts_type(arena, pattern->lambda_result, body, false, generics, &target))
		return true;
	const struct weir_type *wanted = result_type(arena, pattern->lambda_result, generics);
	struct weir_slice is = weir_type_text(arena, body), should = weir_type_text(arena, wanted);
	return weir_err_set(
		err, WEIR_E_TYPE, "The lambda gives %.*s where %.*s is needed", WEIR_SLICE_ARG(is), WEIR_SLICE_ARG(should));
}

static bool type_lambdas(struct weir_arena *arena, const struct weir_overload *overload, const struct weir_argument *args,
	size_t count, struct generics *generics, struct weir_binding *binding, struct weir_err *err)
{
	size_t params = param_count(overload->params);
	int variadic = variadic_index(overload->params, params);

	for (size_t i = 0; i < count; i++) {
		const struct weir_param *param = &overload->params[param_of(i, count, params, variadic)];
		if (args[i].lambda_params &&
			!type_lambda(arena, &param->pattern, &args[i], generics, &binding->lambda_param_types[i], err))
			return false;
	}
	return true;
}

/* functions.md §1.6: a generic result is bound again from the first arguments, one for each parameter; an untyped NULL among them
 * leaves it without a type. */
static bool hides_result(const struct weir_overload *overload, const struct weir_argument *args, size_t count)
{
	size_t params = param_count(overload->params);

	for (size_t i = 0; has_generic(&overload->returns) && i < count && i < params; i++)
		if (args[i].type && args[i].type->kind == WEIR_KIND_NULL)
			return true;
	return false;
}

static bool fail_hidden(const char *name, struct weir_err *err)
{
	weir_err_set(err, WEIR_E_TYPE, "The result's type of %s cannot be told from an untyped NULL", name);
	weir_err_advise(err, "CAST the NULL to the type that you mean.");
	return false;
}

static bool resolve(struct weir_arena *arena, const char *name, const struct weir_overload *overloads,
	const struct weir_argument *args, size_t count, struct weir_binding *ret, struct weir_err *err)
{
	struct match match = { 0 };
	int best = best_of(arena, overloads, args, count, false, &match);

	if (best == -1)
		best = best_of(arena, overloads, args, count, true, &match);
	if (best < 0)
		return fail(name, overloads, args, count, best == -2, err);
	*ret = (struct weir_binding){
		.overload = &overloads[best],
		.arg_types = match.targets,
		.lambda_param_types = WEIR_ARENA_ARRAY(arena, const struct weir_type *const *, count),
	};
	if (hides_result(ret->overload, args, count))
		return fail_hidden(name, err);
	if (!type_lambdas(arena, ret->overload, args, count, &match.generics, ret, err))
		return false;
	ret->return_type = ret->overload->return_type ? ret->overload->return_type(arena, match.targets, count, err)
						      : result_type(arena, &ret->overload->returns, &match.generics);
	if (ret->return_type)
		return true;
	return ret->overload->return_type ? false : fail_hidden(name, err);
}

bool weir_scalar_resolve(struct weir_arena *arena, const struct weir_scalar_function *function, const struct weir_argument *args,
	size_t count, struct weir_binding *ret, struct weir_err *err)
{
	return resolve(arena, function->name, function->overloads, args, count, ret, err);
}

/* ---- Aggregates: exact, with trailing literals ---- */

static bool literals_match(const struct weir_aggregate_overload *overload, const struct weir_argument *args,
	const struct weir_value *const *constants, size_t first, size_t count)
{
	size_t wanted = param_count(overload->literals);

	if (count - first != wanted)
		return false;
	for (size_t i = 0; i < wanted; i++)
		if (!constants[first + i] || args[first + i].type->kind != overload->literals[i].pattern.exact)
			return false;
	return true;
}

/* How many of the arguments are columns; SIZE_MAX: too few for the literals. */
static size_t column_count(const struct weir_aggregate_overload *overload, size_t count)
{
	size_t columns = param_count(overload->params), literals = param_count(overload->literals);

	if (variadic_index(overload->params, columns) < 0)
		return count >= columns ? columns : SIZE_MAX;
	return count >= literals ? count - literals : SIZE_MAX;
}

static bool aggregate_matches(struct weir_arena *arena, const struct weir_aggregate_overload *overload,
	const struct weir_argument *args, const struct weir_value *const *constants, size_t count, struct match *match)
{
	size_t columns = column_count(overload, count);

	return columns != SIZE_MAX && matches_params(arena, overload->params, args, columns, false, match) &&
	       literals_match(overload, args, constants, columns, count);
}

static bool fail_aggregate(
	const struct weir_aggregate_function *function, const struct weir_argument *args, size_t count, struct weir_err *err)
{
	struct weir_buf text;

	weir_buf_init(&text, WEIR_ERR_TEXT_BYTES);
	print_args(&text, args, count);
	weir_err_set(err, WEIR_E_TYPE, "%s does not take (%s)", function->name, weir_buf_cstr(&text));
	weir_buf_reset(&text);
	text.limit = WEIR_ERR_ADVICE_BYTES - 64;
	for (size_t i = 0; i < WEIR_FN_MAX_OVERLOADS && function->overloads[i].add; i++) {
		weir_buf_append_text(&text, i ? ", " : "");
		print_signature(&text, function->name, function->overloads[i].params);
	}
	weir_err_advise(err, "It takes: %s", weir_buf_cstr(&text));
	weir_buf_fini(&text);
	return false;
}

bool weir_aggregate_resolve(struct weir_arena *arena, const struct weir_aggregate_function *function,
	const struct weir_argument *args, const struct weir_value *const *constants, size_t count,
	struct weir_aggregate_binding *ret, struct weir_err *err)
{
	for (size_t i = 0; i < WEIR_FN_MAX_OVERLOADS && function->overloads[i].add; i++) {
		const struct weir_aggregate_overload *overload = &function->overloads[i];
		struct match match = { 0 };
		if (!aggregate_matches(arena, overload, args, constants, count, &match))
			continue;
		size_t columns = column_count(overload, count);
		struct weir_value *literals = WEIR_ARENA_ARRAY(arena, struct weir_value, count - columns);
		for (size_t k = columns; k < count; k++)
			literals[k - columns] = *constants[k];
		*ret = (struct weir_aggregate_binding){
			.overload = overload,
			.column_arg_count = columns,
			.literals = literals,
			.literal_count = count - columns,
		};
		if (overload->types)
			return overload->types(
				arena, match.targets, columns, literals, count - columns, &ret->state_type, &ret->return_type, err);
		ret->state_type = ret->return_type = result_type(arena, &overload->returns, &match.generics);
		return ret->return_type != NULL || fail_aggregate(function, args, count, err);
	}
	return fail_aggregate(function, args, count, err);
}
