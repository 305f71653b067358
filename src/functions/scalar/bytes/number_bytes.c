/* Big- and little-endian numbers. */
#include "functions/scalar/bytes/number_bytes.h"

static bool order_of(const struct weir_call *call, bool *ret_is_little, struct weir_err *err)
{
	*ret_is_little = false;
	if (call->arg_count < 2)
		return true;
	if (!ARG_IS_NULL(1)) {
		*ret_is_little = weir_slice_equals_nocase(ARG(1).str, WEIR_SLICE("LITTLE_ENDIAN"));
		if (*ret_is_little || weir_slice_equals_nocase(ARG(1).str, WEIR_SLICE("BIG_ENDIAN")))
			return true;
	}
	weir_function_fail(err, "The byte order must be BIG_ENDIAN or LITTLE_ENDIAN");
	return false;
}

enum weir_result weir_number_bytes(struct weir_call *call, size_t size, uint64_t *ret_bits, struct weir_err *err)
{
	bool is_little;
	uint64_t bits = 0;

	if (!order_of(call, &is_little, err))
		return WEIR_FAILED;
	if (ARG_IS_NULL(0))
		return WEIR_NULL;
	struct weir_slice bytes = ARG(0).str;
	if (bytes.len != size)
		return weir_function_fail(err, "The number needs %zu bytes, there are %zu", size, bytes.len);
	for (size_t i = 0; i < size; i++)
		bits = bits << 8 | (unsigned char)bytes.ptr[is_little ? size - 1 - i : i];
	*ret_bits = bits;
	return WEIR_VALUE;
}
