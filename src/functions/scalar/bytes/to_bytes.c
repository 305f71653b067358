/* TO_BYTES */
#include "functions/scalar/bytes/encoding.h"
#include "types/text.h"

static enum weir_result to_bytes(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_slice text = ARG(0).str;
	enum weir_encoding encoding;

	if (!weir_encoding_of(ARG(1).str, &encoding, err))
		return WEIR_FAILED;
	switch (encoding) {
	case WEIR_ENCODING_HEX:
		if (!weir_hex_parse(call->arena, text, &ret->str))
			return weir_function_fail(err, "The text is not pairs of hexadecimal digits");
		break;
	case WEIR_ENCODING_BASE64:
		if (!weir_base64_parse(call->arena, text, true, &ret->str))
			return weir_function_fail(err, "The text is not base64");
		break;
	case WEIR_ENCODING_ASCII:
		ret->str = weir_ascii_encode(call->arena, text);
		break;
	default:
		ret->str = text;
	}
	return WEIR_VALUE;
}

const struct weir_scalar_function weir_scalar_to_bytes = {
	.name = "TO_BYTES",
	.spelling = "to_bytes",
	.category = "BYTES",
	.summary = "The bytes that a text spells in an encoding: hex, utf8, ascii or base64.",
	.overloads = { { .params = { PARAM(STRING, "value"), PARAM(STRING, "encoding") },
		RETURNS(BYTES),
		ANY_NULL_GIVES_NULL,
		.eval = to_bytes } },
	.examples = { { "TO_BYTES('c3a9', 'hex')", "TO_BYTES('é', 'utf8')" } },
};
