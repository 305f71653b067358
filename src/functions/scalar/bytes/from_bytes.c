/* FROM_BYTES */
#include "functions/scalar/bytes/encoding.h"
#include "types/text.h"

static enum weir_result from_bytes(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	enum weir_encoding encoding;
	struct weir_buf out;

	if (!weir_encoding_of(ARG(1).str, &encoding, err))
		return WEIR_FAILED;
	weir_buf_init(&out, WEIR_MAX_STRING_BYTES);
	switch (encoding) {
	case WEIR_ENCODING_HEX:
		weir_hex_print(&out, ARG(0).str, true);
		break;
	case WEIR_ENCODING_BASE64:
		weir_base64_print(&out, ARG(0).str);
		break;
	case WEIR_ENCODING_ASCII:
		weir_ascii_decode(&out, ARG(0).str);
		break;
	default:
		weir_utf8_clean(&out, ARG(0).str);
	}
	return weir_text_finish(call, &out, ret, err);
}

const struct weir_scalar_function weir_scalar_from_bytes = {
	.name = "FROM_BYTES",
	.spelling = "from_bytes",
	.category = "BYTES",
	.summary = "Bytes as a text in an encoding: hex, utf8, ascii or base64.",
	.overloads = { { .params = { PARAM(BYTES, "value"), PARAM(STRING, "encoding") },
		RETURNS(STRING),
		ANY_NULL_GIVES_NULL,
		.eval = from_bytes } },
	.examples = { { "FROM_BYTES(TO_BYTES('k1', 'utf8'), 'hex')", "'6B31'" } },
};
