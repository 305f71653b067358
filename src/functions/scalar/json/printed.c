/* JSON values as texts. */
#include "functions/scalar/json/printed.h"

#include "functions/scalar/string/text.h"

enum weir_result weir_json_printed(
	struct weir_call *call, const struct weir_json *json, bool with_quotes, struct weir_slice *ret, struct weir_err *err)
{
	struct weir_buf out;
	union weir_cell cell;

	if (json->kind == WEIR_JSON_STRING && !with_quotes) {
		*ret = json->text;
		return WEIR_VALUE;
	}
	weir_buf_init(&out, WEIR_MAX_STRING_BYTES);
	if (!weir_document_print(call->arena, &out, json, WEIR_NUMBERS_SCIENTIFIC)) {
		weir_buf_fini(&out);
		return weir_function_fail(err, "The JSON holds a number that is too long");
	}
	enum weir_result result = weir_text_finish(call, &out, &cell, err);
	*ret = cell.str;
	return result;
}
