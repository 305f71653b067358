/* Filling a text up to a length. */
#include "functions/scalar/string/pad.h"

#include "types/utf16.h"

enum weir_result weir_text_pad(struct weir_call *call, bool left, union weir_cell *ret, struct weir_err *err)
{
	bool is_bytes = call->arg_types[0]->kind == WEIR_KIND_BYTES;
	struct weir_slice input = ARG(0).str, padding = ARG(2).str;
	int32_t length = ARG(1).i32;

	if (length < 0 || padding.len == 0)
		return WEIR_NULL;
	size_t have = is_bytes ? input.len : weir_utf16_length(input), unit = is_bytes ? padding.len : weir_utf16_length(padding);
	if (have >= (size_t)length)
		return weir_text_slice(ret, is_bytes ? weir_slice_make(input.ptr, (size_t)length)
						     : weir_text_units(call->arena, input, 0, (size_t)length));
	struct weir_buf out;
	weir_buf_init(&out, WEIR_MAX_STRING_BYTES);
	if (!left)
		weir_buf_append_slice(&out, input);
	size_t missing = (size_t)length - have;
	for (; missing >= unit && weir_buf_ok(&out); missing -= unit)
		weir_buf_append_slice(&out, padding);
	weir_buf_append_slice(&out,
		is_bytes ? weir_slice_make(padding.ptr, missing % unit) : weir_text_units(call->arena, padding, 0, missing % unit));
	if (left)
		weir_buf_append_slice(&out, input);
	return weir_text_finish(call, &out, ret, err);
}
