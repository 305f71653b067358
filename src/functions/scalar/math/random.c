/* RANDOM: a new number for every evaluation. */
#include "base/random.h"
#include "functions/define.h"

static void *prepare(struct weir_arena *arena, const struct weir_value *const *constants, size_t count)
{
	return WEIR_ARENA_NEW(arena, struct weir_random);
}

static enum weir_result uniform(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	uint64_t bits;

	weir_random_fill(call->prepared, &bits, sizeof bits);
	ret->f64 = (double)(bits >> 11) * 0x1p-53;
	return WEIR_VALUE;
}

const struct weir_scalar_function weir_scalar_random = {
	.name = "RANDOM",
	.spelling = "random",
	.category = "MATHEMATICAL",
	.summary = "A random number from 0 (included) to 1 (excluded), another one for every row.",
	.is_volatile = true,
	.overloads = { { RETURNS(DOUBLE), .prepare = prepare, .eval = uniform } },
	.examples = { { "RANDOM() < 1", "TRUE" } },
};
