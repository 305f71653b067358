/* Every example in a function's descriptor: the call, evaluated, is equal to the result that it promises. */
#include "unit/analyze/fixture.h"

#include "analyze/scope.h"
#include "expr/evaluator.h"
#include "types/cast.h"
#include "types/compare.h"
#include "types/text.h"

static bool evaluate(struct fixture *fixture, const char *text, const struct weir_type **ret_type, struct weir_value *ret)
{
	int next_slot = 0;
	struct weir_expression_context context = {
		.env = &fixture->env, .arena = &fixture->arena, .clause = "SELECT", .next_slot = &next_slot
	};
	struct weir_eval_context eval = { .arena = &fixture->arena, .clock = &fixture->clock.clock };
	const struct weir_sql_expr *ast;
	const struct weir_expr *expr;
	struct weir_evaluator *evaluator;
	struct weir_row row = { 0 };

	weir_err_reset(&fixture->err);
	if (!weir_sql_parse_expression(&fixture->arena, weir_slice_of(text), &ast, &fixture->err) ||
		!weir_analyze_expression(&context, ast, &expr, &fixture->err) ||
		!weir_evaluator_new(&fixture->arena, expr, &evaluator, &fixture->err))
		return false;
	ret->is_null = weir_evaluate(evaluator, &eval, &row, &ret->cell, &fixture->err) != WEIR_VALUE;
	*ret_type = expr->type;
	return true;
}

static bool is_equal(struct fixture *fixture, const struct weir_type *type, struct weir_value value,
	const struct weir_type *expected_type, struct weir_value expected)
{
	enum weir_order order;

	if (value.is_null || expected.is_null)
		return value.is_null == expected.is_null;
	if (weir_type_equals(type, expected_type))
		return type->kind == WEIR_KIND_DOUBLE
			       ? weir_compare(type, value.cell, type, expected.cell, &order, &fixture->err) == WEIR_VALUE &&
					 order == WEIR_EQUAL
			       : weir_cell_equals(type, value.cell, expected.cell);
	if (weir_cast_exists(expected_type, type)) {
		union weir_cell cast;

		return weir_cast(expected_type, type, expected.cell, &fixture->arena, &cast, &fixture->err) == WEIR_VALUE &&
		       weir_cell_equals(type, value.cell, cast);
	}
	return false;
}

static void show(struct fixture *fixture, const struct weir_type *type, struct weir_value value)
{
	weir_buf_reset(&fixture->text);
	if (value.is_null)
		weir_buf_append_text(&fixture->text, "NULL");
	else
		weir_value_print(&fixture->text, type, value.cell);
}

/* 1 when the example does not hold. */
static int check(struct fixture *fixture, const char *name, const struct weir_example *example)
{
	const struct weir_type *type, *expected_type;
	struct weir_value value = { 0 }, expected = { 0 };

	if (!evaluate(fixture, example->call, &type, &value) || !evaluate(fixture, example->result, &expected_type, &expected)) {
		print_error("%s: %s = %s: %s\n", name, example->call, example->result, fixture->err.text);
		return 1;
	}
	if (is_equal(fixture, type, value, expected_type, expected))
		return 0;
	show(fixture, type, value);
	print_error("%s: %s is %s, the example says %s\n", name, example->call, weir_buf_cstr(&fixture->text), example->result);
	return 1;
}

static void test_examples_hold(void **state)
{
	struct weir_function_ref function;
	int wrong = 0;

	for (size_t i = 0; (function = weir_function_at(i)).kind != WEIR_FUNCTION_NONE; i++) {
		struct fixture fixture;

		if (function.kind != WEIR_FUNCTION_SCALAR)
			continue;
		fixture_init(&fixture);
		for (size_t j = 0; j < WEIR_FN_MAX_EXAMPLES && function.scalar->examples[j].call; j++)
			wrong += check(&fixture, function.scalar->name, &function.scalar->examples[j]);
		fixture_fini(&fixture);
	}
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_examples_hold) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
