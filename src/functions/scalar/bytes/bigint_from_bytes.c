/* BIGINT_FROM_BYTES */
#include "functions/scalar/bytes/number_bytes.h"

static enum weir_result bigint_from_bytes(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	uint64_t bits;
	enum weir_result result = weir_number_bytes(call, 8, &bits, err);

	if (result == WEIR_VALUE)
		ret->i64 = (int64_t)bits;
	return result;
}

const struct weir_scalar_function weir_scalar_bigint_from_bytes = {
	.name = "BIGINT_FROM_BYTES",
	.spelling = "bigint_from_bytes",
	.category = "BYTES",
	.summary = "The BIGINT that 8 bytes are, in BIG_ENDIAN or LITTLE_ENDIAN order.",
	.overloads = {
		{ .params = { PARAM(BYTES, "value") }, RETURNS(BIGINT), .eval = bigint_from_bytes },
		{ .params = { PARAM(BYTES, "value"), PARAM(STRING, "byteOrder") }, RETURNS(BIGINT), .eval = bigint_from_bytes },
	},
	.examples = { { "BIGINT_FROM_BYTES(TO_BYTES('0A01000000000000', 'hex'), 'LITTLE_ENDIAN')", "CAST(266 AS BIGINT)" } },
};
