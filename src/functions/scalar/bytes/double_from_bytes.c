/* DOUBLE_FROM_BYTES */
#include "functions/scalar/bytes/number_bytes.h"

static enum weir_result double_from_bytes(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	uint64_t bits;
	enum weir_result result = weir_number_bytes(call, 8, &bits, err);

	if (result == WEIR_VALUE)
		memcpy(&ret->f64, &bits, sizeof bits);
	return result;
}

const struct weir_scalar_function weir_scalar_double_from_bytes = {
	.name = "DOUBLE_FROM_BYTES",
	.spelling = "double_from_bytes",
	.category = "BYTES",
	.summary = "The DOUBLE that 8 bytes are, in BIG_ENDIAN or LITTLE_ENDIAN order.",
	.overloads = {
		{ .params = { PARAM(BYTES, "value") }, RETURNS(DOUBLE), .eval = double_from_bytes },
		{ .params = { PARAM(BYTES, "value"), PARAM(STRING, "byteOrder") }, RETURNS(DOUBLE), .eval = double_from_bytes },
	},
	.examples = { { "DOUBLE_FROM_BYTES(TO_BYTES('4008000000000000', 'hex'))", "3E0" } },
};
