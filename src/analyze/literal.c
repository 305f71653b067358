/* Literals that need work: DECIMALs, whose type is how they are written, and texts that stand for a time (semantics §1.4, §3.5). */
#include "analyze/scope.h"
#include "types/datetime.h"
#include "types/decimal.h"

static struct weir_slice without_sign(struct weir_slice text)
{
	bool has_sign = text.len && (text.ptr[0] == '-' || text.ptr[0] == '+');

	return has_sign ? weir_slice_make(text.ptr + 1, text.len - 1) : text;
}

bool weir_analyze_decimal_literal(struct weir_expression_context *context, const struct weir_sql_expr *ast,
	const struct weir_expr **ret, struct weir_err *err)
{
	struct weir_builder builder = { context->arena, weir_place_of(context->arena, ast) };
	struct weir_value value = { 0 };
	int scale, digits;
	__int128 unscaled;

	if (!without_sign(ast->text).len || !weir_decimal_parse(ast->text, &unscaled, &scale) || scale < 0)
		return weir_err_set_at(err, WEIR_E_TYPE, ast->place.line, ast->place.column,
			"%.*s is not a DECIMAL: it has more than 38 digits.", WEIR_SLICE_ARG(ast->text));
	digits = weir_decimal_digits(unscaled);
	if (digits <= scale)
		digits = scale + 1; /* |v| < 1 */
	value.cell.decimal = unscaled;
	*ret = weir_build_literal(&builder, weir_type_decimal(context->arena, digits ? digits : 1, scale), value);
	return true;
}

bool weir_parse_partial_timestamp(struct weir_slice text, int64_t *ret_ms)
{
	return weir_timestamp_parse(text, ret_ms, NULL);
}

bool weir_rewrite_time_text(
	struct weir_arena *arena, const struct weir_expr *bound_side, const struct weir_expr **text_side, struct weir_err *err)
{
	const struct weir_expr *text = *text_side;
	struct weir_builder builder = { arena, { text->line, text->column, text->text } };
	struct weir_value value = { 0 };

	if (bound_side->type->kind != WEIR_KIND_BIGINT || text->kind != WEIR_EXPR_LITERAL || text->type->kind != WEIR_KIND_STRING)
		return true;
	if (!weir_parse_partial_timestamp(text->literal.cell.str, &value.cell.i64)) {
		weir_err_set_at(err, WEIR_E_TYPE, text->line, text->column, "%.*s is not a timestamp.", WEIR_SLICE_ARG(text->text));
		return weir_err_advise(err, "Write yyyy-MM-ddTHH:mm:ss.SSS or the beginning of it, with an optional zone.");
	}
	*text_side = weir_build_literal(&builder, &weir_type_bigint, value);
	return true;
}
