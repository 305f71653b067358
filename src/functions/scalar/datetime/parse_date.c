/* PARSE_DATE: text to DATE, leniently: see lenient_date.h. What comes out must be a midnight in GMT. */
#include "functions/define.h"
#include "functions/scalar/datetime/lenient_date.h"
#include "types/datetime.h"

struct site {
	const struct weir_lenient_pattern *pattern; /* NULL: not constant, or wrong */
	struct weir_zones zones;
};

static void *prepare(struct weir_arena *arena, const struct weir_value *const *constants, size_t count)
{
	struct site *site = WEIR_ARENA_NEW(arena, struct site);
	struct weir_err err;

	site->zones.arena = arena;
	if (constants[1] && !constants[1]->is_null && !weir_lenient_compile(arena, constants[1]->cell.str, &site->pattern, &err))
		site->pattern = NULL;
	return site;
}

/* Years of two digits are 1945 to 2044. ksqlDB's window moves with the clock; ours stands, so that the same text is the same date
 * after a restart in another year. */
#define THIS_YEAR 2025

static enum weir_result parse_date(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct site *site = call->prepared;
	const struct weir_lenient_pattern *pattern = site->pattern;
	int64_t ms;

	if (!pattern && !weir_lenient_compile(call->arena, ARG(1).str, &pattern, err))
		return WEIR_FAILED;
	if (!weir_lenient_parse(pattern, ARG(0).str, THIS_YEAR, &site->zones, &ms, err))
		return WEIR_FAILED;
	if (weir_floor_mod(ms, WEIR_MS_PER_DAY))
		return weir_function_fail(err, "The date has a time beside it, or is not one in GMT");
	ret->i32 = (int32_t)weir_floor_div(ms, WEIR_MS_PER_DAY);
	return WEIR_VALUE;
}

const struct weir_scalar_function weir_scalar_parse_date = {
	.name = "PARSE_DATE",
	.spelling = "parse_date",
	.category = "DATE / TIME",
	.summary = "A text as a DATE, by a pattern like yyyy-MM-dd; days and months too great count on, text behind it does not "
		   "matter.",
	.overloads = { { .params = { PARAM(STRING, "formattedDate"), PARAM(STRING, "formatPattern") },
		RETURNS(DATE),
		ANY_NULL_GIVES_NULL,
		.prepare = prepare,
		.eval = parse_date } },
	.examples = { { "PARSE_DATE('2021-13-45', 'yyyy-MM-dd')", "FROM_DAYS(19037)" },
		{ "PARSE_DATE('JAN-2022', 'MMM-yyyy')", "FROM_DAYS(18993)" },
		{ "PARSE_DATE('2021-12-31 trailing', 'yyyy-MM-dd')", "FROM_DAYS(18992)" },
		{ "PARSE_DATE('1582-10-10', 'yyyy-MM-dd')", "FROM_DAYS(-141422)" }, { "PARSE_DATE('10:20', 'HH:mm')", "NULL" } },
};
