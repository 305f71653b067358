/* Looking functions up by name. */
#include "functions/list.h"

#include "functions/define.h"

#include <stdarg.h>
#include <stdio.h>

static const struct weir_function_ref functions[] = {
#define SCALAR(name_)    { .kind = WEIR_FUNCTION_SCALAR, .scalar = &weir_scalar_##name_ },
#define AGGREGATE(name_) { .kind = WEIR_FUNCTION_AGGREGATE, .aggregate = &weir_aggregate_##name_ },
#define TABLE(name_)     { .kind = WEIR_FUNCTION_TABLE, .table = &weir_table_##name_ },
#include "functions/list.def"
#undef SCALAR
#undef AGGREGATE
#undef TABLE
};

static const char *name_of(const struct weir_function_ref *ref)
{
	return ref->scalar ? ref->scalar->name : ref->aggregate ? ref->aggregate->name : ref->table->name;
}

struct weir_function_ref weir_function_find(struct weir_slice name)
{
	for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
		if (weir_slice_equals_nocase(name, weir_slice_of(name_of(&functions[i]))))
			return functions[i];
	return (struct weir_function_ref){ 0 };
}

struct weir_function_ref weir_function_at(size_t i)
{
	return i < sizeof functions / sizeof *functions ? functions[i] : (struct weir_function_ref){ 0 };
}

static size_t distance(struct weir_slice a, struct weir_slice b)
{
	size_t row[64];

	if (a.len > 60 || b.len > 60)
		return 99;
	for (size_t j = 0; j <= b.len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t best = diagonal + !weir_slice_equals_nocase(
							 weir_slice_make(a.ptr + i - 1, 1), weir_slice_make(b.ptr + j - 1, 1));
			diagonal = row[j];
			best = best < row[j] + 1 ? best : row[j] + 1;
			row[j] = best < row[j - 1] + 1 ? best : row[j - 1] + 1;
		}
	}
	return row[b.len];
}

const char *weir_function_suggest(struct weir_slice name)
{
	const char *nearest = NULL;
	size_t best = name.len / 3 + 1;

	for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
		size_t d = distance(name, weir_slice_of(name_of(&functions[i])));
		if (d < best || (d == best && !nearest)) {
			best = d;
			nearest = name_of(&functions[i]);
		}
	}
	return nearest;
}

enum weir_result weir_function_fail(struct weir_err *err, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	weir_err_set(err, WEIR_E_EVALUATE, "%s", text);
	return WEIR_FAILED;
}
