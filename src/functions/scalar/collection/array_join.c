/* ARRAY_JOIN: an array's items as one text. */
#include "functions/scalar/string/text.h"
#include "types/decimal.h"
#include "types/text.h"

static bool has_text(const struct weir_type *type)
{
	return type->kind == WEIR_KIND_BOOLEAN || type->kind == WEIR_KIND_STRING || weir_type_is_numeric(type);
}

static void print_item(struct weir_buf *out, const struct weir_type *type, union weir_cell item)
{
	if (type->kind == WEIR_KIND_DECIMAL)
		weir_decimal_print(out, item.decimal, type->scale);
	else
		weir_value_print(out, type, item);
}

static enum weir_result array_join(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	const struct weir_type *type = call->arg_types[0]->element;
	struct weir_slice delimiter = call->arg_count < 2 ? WEIR_SLICE(",") : ARG_IS_NULL(1) ? WEIR_SLICE("") : ARG(1).str;
	struct weir_buf out;

	if (ARG_IS_NULL(0))
		return WEIR_NULL;
	const struct weir_array *array = ARG(0).array;
	for (size_t i = 0; i < array->count && !has_text(type); i++)
		if (!weir_null_test(array->nulls, i))
			return weir_function_fail(err, "%s items cannot be joined to a text", weir_kind_name(type->kind));
	weir_buf_init(&out, WEIR_MAX_STRING_BYTES);
	for (size_t i = 0; i < array->count; i++) {
		if (i)
			weir_buf_append_slice(&out, delimiter);
		if (weir_null_test(array->nulls, i))
			weir_buf_append_text(&out, "null");
		else
			print_item(&out, type, array->items[i]);
	}
	return weir_text_finish(call, &out, ret, err);
}

const struct weir_scalar_function weir_scalar_array_join = {
	.name = "ARRAY_JOIN",
	.category = "ARRAY",
	.summary = "An array's items as one text, with a comma or another text between them.",
	.overloads = {
		{ .params = { PARAM_ARRAY('T', "array") }, RETURNS(STRING), .eval = array_join },
		{ .params = { PARAM_ARRAY('T', "array"), PARAM(STRING, "delimiter") }, RETURNS(STRING), .eval = array_join },
	},
	.examples = { { "ARRAY_JOIN(ARRAY[1, 2])", "'1,2'" }, { "ARRAY_JOIN(ARRAY['a', 'b'], ' or ')", "'a or b'" } },
};
