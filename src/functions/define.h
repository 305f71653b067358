/* Short spellings for descriptors: parameters, results, evaluators. For the function files only. */
#pragma once

#include "functions/function.h"

#define WEIR_EXACT(kind_)                                                                                                          \
	{                                                                                                                          \
		.kind = WEIR_PATTERN_EXACT, .exact = WEIR_KIND_##kind_                                                             \
	}
#define WEIR_GENERIC(letter)                                                                                                       \
	{                                                                                                                          \
		.kind = WEIR_PATTERN_GENERIC, .generic = letter                                                                    \
	}

#define PARAM(kind_, name_)                                                                                                        \
	{                                                                                                                          \
		.pattern = WEIR_EXACT(kind_), .name = name_                                                                        \
	}
#define PARAM_PRIMITIVE(kind_, name_)                                                                                              \
	{                                                                                                                          \
		.pattern = WEIR_EXACT(kind_), .name = name_, .is_primitive = true                                                  \
	}
#define PARAM_VARIADIC(kind_, name_)                                                                                               \
	{                                                                                                                          \
		.pattern = WEIR_EXACT(kind_), .name = name_, .is_variadic = true                                                   \
	}
#define PARAM_GENERIC(letter, name_)                                                                                               \
	{                                                                                                                          \
		.pattern = WEIR_GENERIC(letter), .name = name_                                                                     \
	}
#define PARAM_GENERIC_VARIADIC(letter, name_)                                                                                      \
	{                                                                                                                          \
		.pattern = WEIR_GENERIC(letter), .name = name_, .is_variadic = true                                                \
	}
#define PARAM_ARRAY(letter, name_)                                                                                                 \
	{                                                                                                                          \
		.pattern = { .kind = WEIR_PATTERN_ARRAY, .element = &(const struct weir_pattern)WEIR_GENERIC(letter) },            \
		.name = name_                                                                                                      \
	}
#define PARAM_ARRAY_OF(kind_, name_)                                                                                               \
	{                                                                                                                          \
		.pattern = { .kind = WEIR_PATTERN_ARRAY, .element = &(const struct weir_pattern)WEIR_EXACT(kind_) }, .name = name_ \
	}
#define PARAM_STRING_MAP(letter, name_)                                                                                            \
	{                                                                                                                          \
		.pattern = { .kind = WEIR_PATTERN_MAP,                                                                             \
			.key = &(const struct weir_pattern)WEIR_EXACT(STRING),                                                     \
			.element = &(const struct weir_pattern)WEIR_GENERIC(letter) },                                             \
		.name = name_                                                                                                      \
	}

#define PARAM_STRING_MAP_OF(kind_, name_)                                                                                          \
	{                                                                                                                          \
		.pattern = { .kind = WEIR_PATTERN_MAP,                                                                             \
			.key = &(const struct weir_pattern)WEIR_EXACT(STRING),                                                     \
			.element = &(const struct weir_pattern)WEIR_EXACT(kind_) },                                                \
		.name = name_                                                                                                      \
	}

#define PARAM_MAP(key_, value_, name_)                                                                                             \
	{                                                                                                                          \
		.pattern = { .kind = WEIR_PATTERN_MAP,                                                                             \
			.key = &(const struct weir_pattern)WEIR_GENERIC(key_),                                                     \
			.element = &(const struct weir_pattern)WEIR_GENERIC(value_) },                                             \
		.name = name_                                                                                                      \
	}
/* result_: WEIR_EXACT or WEIR_GENERIC; then the parameters, alike. */
#define PARAM_LAMBDA(name_, result_, ...)                                                                                          \
	{                                                                                                                          \
		.pattern = { .kind = WEIR_PATTERN_LAMBDA,                                                                          \
			.lambda_params = (const struct weir_pattern[]){ __VA_ARGS__, { 0 } },                                      \
			.lambda_result = &(const struct weir_pattern)result_ },                                                    \
		.name = name_                                                                                                      \
	}

#define PARAM_UNIT(name_)                                                                                                          \
	{                                                                                                                          \
		.pattern = { .kind = WEIR_PATTERN_INTERVAL_UNIT }, .name = name_                                                   \
	}

#define RETURNS(kind_)          .returns = WEIR_EXACT(kind_)
#define RETURNS_GENERIC(letter) .returns = WEIR_GENERIC(letter)
#define RETURNS_ARRAY(letter)   .returns = { .kind = WEIR_PATTERN_ARRAY, .element = &(const struct weir_pattern)WEIR_GENERIC(letter) }
#define RETURNS_ARRAY_OF(kind_) .returns = { .kind = WEIR_PATTERN_ARRAY, .element = &(const struct weir_pattern)WEIR_EXACT(kind_) }

#define RETURNS_STRING_MAP(letter)                                                                                                 \
	.returns = { .kind = WEIR_PATTERN_MAP,                                                                                     \
		.key = &(const struct weir_pattern)WEIR_EXACT(STRING),                                                             \
		.element = &(const struct weir_pattern)WEIR_GENERIC(letter) }
#define RETURNS_STRING_MAP_OF(kind_)                                                                                               \
	.returns = { .kind = WEIR_PATTERN_MAP,                                                                                     \
		.key = &(const struct weir_pattern)WEIR_EXACT(STRING),                                                             \
		.element = &(const struct weir_pattern)WEIR_EXACT(kind_) }

#define RETURNS_MAP(key_, value_)                                                                                                  \
	.returns = { .kind = WEIR_PATTERN_MAP,                                                                                     \
		.key = &(const struct weir_pattern)WEIR_GENERIC(key_),                                                             \
		.element = &(const struct weir_pattern)WEIR_GENERIC(value_) }

#define ANY_NULL_GIVES_NULL .nulls = WEIR_NULL_IF_ANY_NULL

/* Calls the lambda that is argument i with the values that follow. */
#define CALL_LAMBDA(i, ret, err, ...)                                                                                              \
	(call->lambdas[i]->call(call->lambdas[i], (const struct weir_value[]){ __VA_ARGS__ },                                      \
		sizeof((const struct weir_value[]){ __VA_ARGS__ }) / sizeof(struct weir_value), ret, err))

/* The i-th argument. */
#define ARG(i)         (call->args[i])
#define ARG_IS_NULL(i) (call->arg_is_null[i])

enum weir_result weir_function_fail(struct weir_err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
