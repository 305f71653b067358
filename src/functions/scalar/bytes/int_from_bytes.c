/* INT_FROM_BYTES */
#include "functions/scalar/bytes/number_bytes.h"

static enum weir_result int_from_bytes(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	uint64_t bits;
	enum weir_result result = weir_number_bytes(call, 4, &bits, err);

	if (result == WEIR_VALUE)
		ret->i32 = (int32_t)(uint32_t)bits;
	return result;
}

const struct weir_scalar_function weir_scalar_int_from_bytes = {
	.name = "INT_FROM_BYTES",
	.spelling = "int_from_bytes",
	.category = "BYTES",
	.summary = "The INTEGER that 4 bytes are, in BIG_ENDIAN or LITTLE_ENDIAN order.",
	.overloads = {
		{ .params = { PARAM(BYTES, "value") }, RETURNS(INTEGER), .eval = int_from_bytes },
		{ .params = { PARAM(BYTES, "value"), PARAM(STRING, "byteOrder") }, RETURNS(INTEGER), .eval = int_from_bytes },
	},
	.examples = { { "INT_FROM_BYTES(TO_BYTES('0000010A', 'hex'))", "266" } },
};
