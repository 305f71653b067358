/* Expressions as users write them: typed, evaluated on one row, and shown as text; and the messages for wrong ones. */
#include "unit/analyze/fixture.h"

#include "analyze/scope.h"
#include "expr/evaluator.h"
#include "types/text.h"

/* The row: I=7, B=5000000000, D=1.5, S='abc', N=NULL int, F=TRUE, FN=NULL boolean, R={A:1,C:NULL}, L=[10,20,NULL]. */
enum { WIDTH = 9 };

struct world {
	struct weir_arena arena;
	struct weir_schema schema;
	struct weir_column columns[WIDTH];
	struct weir_scope_source source;
	struct weir_scope scope;
	struct weir_analyze_env env;
	struct weir_catalog *catalog;
	struct weir_row row;
	struct weir_buf text;
	struct weir_err err;
	struct weir_virtual_clock clock;
};

static struct weir_column column(const char *name, const struct weir_type *type)
{
	return (struct weir_column){ .name = weir_slice_of(name), .type = type, .role = WEIR_COLUMN_VALUE };
}

static void fill_row(struct world *world)
{
	static union weir_cell items[3] = { { .i32 = 10 }, { .i32 = 20 } }, fields[2] = { { .i32 = 1 } };
	static const uint64_t third = 4, second = 2;
	static const struct weir_array array = { 3, items, &third };
	static const struct weir_struct_value record = { fields, &second };

	weir_row_alloc(&world->row, &world->arena, WIDTH);
	world->row.timestamp_ms = 123;
	world->row.cells[0].i32 = 7;
	world->row.cells[1].i64 = 5000000000;
	world->row.cells[2].f64 = 1.5;
	world->row.cells[3].str = WEIR_SLICE("abc");
	world->row.cells[5].boolean = true;
	world->row.cells[7].record = &record;
	world->row.cells[8].array = &array;
	weir_null_set(world->row.nulls, 4);
	weir_null_set(world->row.nulls, 6);
}

static int set_up(void **state)
{
	static struct world world;
	static struct weir_field fields[2] = { { { "A", 1 }, &weir_type_integer }, { { "C", 1 }, &weir_type_string } };

	memset(&world, 0, sizeof world);
	weir_arena_init(&world.arena, 1 << 14);
	weir_buf_init(&world.text, WEIR_BUF_NO_LIMIT);
	weir_virtual_clock_init(&world.clock, 1000);
	world.catalog = weir_catalog_new();
	world.env = (struct weir_analyze_env){ .catalog = world.catalog, .clock = &world.clock.clock };
	world.columns[0] = column("I", &weir_type_integer);
	world.columns[1] = column("B", &weir_type_bigint);
	world.columns[2] = column("D", &weir_type_double);
	world.columns[3] = column("S", &weir_type_string);
	world.columns[4] = column("N", &weir_type_integer);
	world.columns[5] = column("F", &weir_type_boolean);
	world.columns[6] = column("FN", &weir_type_boolean);
	world.columns[7] = column("R", weir_type_struct(&world.arena, fields, 2));
	world.columns[8] = column("L", weir_type_array(&world.arena, &weir_type_integer));
	world.schema = (struct weir_schema){ world.columns, WIDTH, 0 };
	world.source = (struct weir_scope_source){ .alias = WEIR_SLICE("X"), .schema = &world.schema };
	world.scope = (struct weir_scope){ .sources = &world.source, .source_count = 1 };
	fill_row(&world);
	*state = &world;
	return 0;
}

static int tear_down(void **state)
{
	struct world *world = *state;

	weir_catalog_unref(world->catalog);
	weir_buf_fini(&world->text);
	weir_arena_fini(&world->arena);
	return 0;
}

static const struct weir_expr *analyze(struct world *world, const char *text, const char *clause)
{
	int next_slot = 0;
	struct weir_expression_context context = {
		.env = &world->env,
		.arena = &world->arena,
		.scope = &world->scope,
		.clause = clause,
		.rewrites_time_texts = strcmp(clause, "WHERE") == 0,
		.next_slot = &next_slot,
	};
	const struct weir_sql_expr *ast;
	const struct weir_expr *expr;

	weir_err_reset(&world->err);
	if (!weir_sql_parse_expression(&world->arena, weir_slice_of(text), &ast, &world->err) ||
		!weir_analyze_expression(&context, ast, &expr, &world->err))
		return NULL;
	return expr;
}

/* "value", "NULL" or "FAILED"; with the type behind it when asked for. */
static const char *evaluate(struct world *world, const char *text)
{
	const struct weir_expr *expr = analyze(world, text, "SELECT");
	struct weir_eval_context context = { .arena = &world->arena, .clock = &world->clock.clock };
	struct weir_evaluator *evaluator;
	union weir_cell cell;

	if (!expr)
		fail_msg("%s: %s", text, world->err.text);
	assert_true(weir_evaluator_new(&world->arena, expr, &evaluator, &world->err));
	weir_buf_reset(&world->text);
	switch (weir_evaluate(evaluator, &context, &world->row, &cell, &world->err)) {
	case WEIR_VALUE:
		weir_value_print(&world->text, expr->type, cell);
		break;
	case WEIR_NULL:
		weir_buf_append_text(&world->text, "NULL");
		break;
	case WEIR_FAILED:
		weir_buf_append_text(&world->text, "FAILED");
		break;
	}
	return weir_buf_cstr(&world->text);
}

struct expected {
	const char *text, *value;
};

static void check_values(struct world *world, const struct expected *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *value = evaluate(world, cases[i].text);

		if (strcmp(value, cases[i].value) != 0)
			fail_msg("%s is %s, expected %s", cases[i].text, value, cases[i].value);
	}
}

#define CHECK(...)                                                                                                                 \
	do {                                                                                                                       \
		static const struct expected cases[] = { __VA_ARGS__ };                                                            \
		check_values(*state, cases, sizeof cases / sizeof cases[0]);                                                       \
	} while (0)

static void test_arithmetic(void **state)
{
	CHECK({ "I + 1", "8" }, { "I * B", "35000000000" }, { "I / 2", "3" }, { "-I / 2", "-3" }, { "I % 4", "3" },
		{ "2147483647 + 1", "-2147483648" }, { "I / 0", "FAILED" }, { "D / 0", "Infinity" }, { "I + D", "8.5" },
		{ "1.50 + 2", "3.50" }, { "1.5 * 1.5", "2.25" }, { "1.0 / 3", "FAILED" }, { "1.0 / 8", "0.125000000000" },
		{ "N + 1", "FAILED" }, { "'a' + S", "aabc" }, { "CAST(NULL AS STRING) + 'b'", "nullb" }, { "-(I)", "-7" },
		{ "5 - -3", "8" });
}

static void test_comparisons_are_two_valued(void **state)
{
	CHECK({ "I = 7", "true" }, { "I <> 7", "false" }, { "N = 7", "false" }, { "N <> 7", "false" }, { "NOT (N = 7)", "true" },
		{ "B > I", "true" }, { "I < 7.5", "true" }, { "D = 1.5", "true" }, { "S = 'abc'", "true" }, { "S < 'abd'", "true" },
		{ "N IS DISTINCT FROM 7", "true" }, { "N IS NOT DISTINCT FROM CAST(NULL AS INT)", "true" },
		{ "R = STRUCT(A := 1, C := CAST(NULL AS STRING))", "true" }, { "ARRAY[1] = ARRAY[1.0]", "false" },
		{ "CAST('2020-01-01' AS DATE) = '2020-01-01'", "true" }, { "B = 5000000000", "true" }, { "B = 7", "false" },
		{ "7 = I", "true" });
}

static void test_logic(void **state)
{
	CHECK({ "F AND I = 7", "true" }, { "FALSE AND FN", "false" }, { "TRUE OR FN", "true" }, { "FN AND TRUE", "FAILED" },
		{ "NOT FN", "FAILED" }, { "NOT F", "false" }, { "N IS NULL", "true" }, { "I IS NOT NULL", "true" },
		{ "I = 1 OR I = 2 OR I = 7", "true" }, { "CASE WHEN FN THEN 1 END", "FAILED" },
		{ "CASE WHEN I = 1 THEN 'one' WHEN I = 7 THEN 'seven' ELSE 'other' END", "seven" },
		{ "CASE WHEN I = 1 THEN 'one' END", "NULL" }, { "CASE WHEN TRUE THEN 1 ELSE I / 0 END", "1" });
}

static void test_membership(void **state)
{
	CHECK({ "I IN (1, 7)", "true" }, { "I IN (1, '7')", "true" }, { "N IN (1)", "false" }, { "N NOT IN (1)", "true" },
		{ "I BETWEEN 5 AND 10", "true" }, { "I NOT BETWEEN 5 AND 10", "false" }, { "N BETWEEN 1 AND 2", "false" },
		{ "'a' IN (1, 'a')", "true" }, { "I IN (NULL, 7)", "true" }, { "1.5 IN (1.50, 2)", "true" });
}

static void test_like(void **state)
{
	CHECK({ "S LIKE 'a%'", "true" }, { "S LIKE '%c'", "true" }, { "S LIKE '_b_'", "true" }, { "S LIKE 'b'", "false" },
		{ "S LIKE '%'", "true" }, { "'' LIKE '%'", "true" }, { "S NOT LIKE '%b%'", "false" },
		{ "'a%' LIKE 'a!%' ESCAPE '!'", "true" }, { "'ab' LIKE 'a!%' ESCAPE '!'", "false" },
		{ "'a' LIKE 'a!' ESCAPE '!'", "FAILED" }, { "'😀' LIKE '_'", "true" }, { "'aXbXc' LIKE 'a%X%c'", "true" },
		{ "CAST(NULL AS STRING) LIKE 'a'", "FAILED" }, { "'mississippi' LIKE '%iss%ppi'", "true" });
}

static void test_access(void **state)
{
	CHECK({ "R->A", "1" }, { "R->C", "NULL" }, { "L[1]", "10" }, { "L[-2]", "20" }, { "L[3]", "NULL" }, { "L[0]", "NULL" },
		{ "L[9]", "NULL" }, { "L[I - 6]", "10" }, { "MAP('a' := 1, 'b' := 2)['b']", "2" }, { "MAP('a' := 1)['c']", "NULL" },
		{ "MAP('a' := 1)[1]", "NULL" }, { "STRUCT(Q := I)->Q", "7" }, { "ROWTIME", "123" }, { "X.I", "7" });
}

static void test_constructors(void **state)
{
	CHECK({ "ARRAY[1, 2.5]", "[1.0, 2.5]" }, { "ARRAY['a', 1]", "[a, 1]" }, { "ARRAY[1, NULL]", "[1, null]" },
		{ "ARRAY[I / 0, 2]", "[null, 2]" }, { "MAP('a' := 1, 'b' := 2)", "{a=1, b=2}" },
		{ "STRUCT(A := I, B := S)", "Struct{A=7,B=abc}" }, { "ARRAY[STRUCT(A := 1), STRUCT(B := 2)][2]->B", "2" },
		{ "ARRAY[ARRAY[1], ARRAY['2']][2][1]", "2" }, { "MAP(S := 1, 'abc' := 2)", "{abc=2}" });
}

static void test_casts_contain_their_errors(void **state)
{
	CHECK({ "CAST(I AS STRING)", "7" }, { "CAST('x' AS INT)", "NULL" }, { "CAST(N + 1 AS STRING)", "NULL" },
		{ "CAST('12' AS BIGINT) + 1", "13" }, { "CAST(I AS DECIMAL(5, 2))", "7.00" }, { "CAST(NULL AS INT)", "NULL" },
		{ "CAST(D AS INT)", "1" });
}

struct wrong {
	const char *text, *message;
};

static void test_messages(void **state)
{
	static const struct wrong cases[] = {
		{ "I + S", "1:1 '+' cannot be applied to I (INTEGER) and S (STRING)." },
		{ "I = 'x'", "1:1 I (INTEGER) cannot be compared with 'x' (STRING) by '='." },
		{ "I = NULL", "1:1 A comparison with NULL is never true: (I = null)." },
		{ "R->Q", "1:1 R has no field 'Q'. Its fields are: A, C." },
		{ "I[1]", "1:1 '[…]' reads an item of an ARRAY or a MAP, but I is INTEGER." },
		{ "ARRAY[1, 'a']", "1:10 The text 'a' is not a valid INTEGER." },
		{ "L['a']", "1:3 The index of an ARRAY must be an INTEGER, but 'a' is STRING." },
		{ "ARRAY[NULL]", "1:1 An ARRAY of nothing but NULLs has no type." },
		{ "CASE WHEN I THEN 1 END", "1:11 WHEN needs a BOOLEAN, but I is INTEGER." },
		{ "CASE WHEN F THEN 1 ELSE 'x' END",
			"1:25 All results of a CASE must have the same type, but 'x' is STRING where an earlier one is INTEGER." },
		{ "CAST(F AS INT)", "1:1 F (BOOLEAN) cannot be cast to INTEGER." },
		{ "NOPE", "1:1 SELECT: there is no column 'NOPE'." },
		{ "NOPE(I)", "1:1 There is no function 'NOPE'." },
		{ "COUNT(I)", "1:1 SELECT cannot contain an aggregate function: COUNT(I)." },
		{ "Y.I", "1:1 'Y' is not a stream, table or alias of this query." },
		{ "F < F", "1:1 F (BOOLEAN) cannot be compared with F (BOOLEAN) by '<'." },
		{ "I IN (NULL)", "1:1 IN needs at least one value that is not NULL." },
		{ "MAP('a' := 1, 'a' := 2)", "1:15 The key 'a' stands twice in the MAP." },
		{ "CASE I WHEN 1 THEN 2 END", "1:1 The form CASE value WHEN … is not supported." },
		{ "WINDOWSTART", "1:1 SELECT: WINDOWSTART can only be used in the SELECT list of a windowed aggregation, and not "
				 "inside its aggregate functions." },
	};
	struct world *world = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		if (analyze(world, cases[i].text, "SELECT"))
			fail_msg("accepted: %s", cases[i].text);
		weir_buf_reset(&world->text);
		weir_buf_printf(&world->text, "%d:%d %s", world->err.line, world->err.column, world->err.text);
		assert_string_equal(weir_buf_cstr(&world->text), cases[i].message);
	}
}

static void test_near_columns_are_suggested(void **state)
{
	struct world *world = *state;

	world->columns[3].name = WEIR_SLICE("CUSTOMER");
	assert_null(analyze(world, "COSTUMER", "SELECT"));
	assert_string_equal(world->err.advice, "Did you mean CUSTOMER?");
}

/* ---- Predicates ---- */

static bool matches(struct world *world, const char *text, bool *ret_failed)
{
	const struct weir_expr *expr = analyze(world, text, "WHERE");
	struct weir_eval_context context = { .arena = &world->arena, .clock = &world->clock.clock };
	struct weir_evaluator *evaluator;

	if (!expr)
		fail_msg("%s: %s", text, world->err.text);
	assert_true(weir_evaluator_new(&world->arena, expr, &evaluator, &world->err));
	return weir_evaluate_predicate(evaluator, &context, &world->row, ret_failed, &world->err);
}

static void test_filters(void **state)
{
	bool failed;

	assert_true(matches(*state, "I = 7 AND S = 'abc'", &failed));
	assert_false(matches(*state, "N + 1 > 0", &failed));
	assert_true(failed);
	assert_false(matches(*state, "CAST(S AS INT) > 0 OR TRUE", &failed));
	assert_true(failed);
	assert_false(matches(*state, "FN", &failed));
	assert_false(failed);
}

static void test_texts_beside_rowtime_are_times(void **state)
{
	bool failed;

	assert_true(matches(*state, "ROWTIME < '1970-01-02'", &failed));
	assert_true(matches(*state, "'1970' <= X.ROWTIME", &failed));
	assert_true(matches(*state, "ROWTIME BETWEEN '1970-01-01' AND '1970-01-01T00:00:01'", &failed));
	assert_null(analyze(*state, "ROWTIME > 'soon'", "WHERE"));
	assert_null(analyze(*state, "ROWTIME > '1970'", "SELECT"));
}

static void test_equal_trees(void **state)
{
	struct world *world = *state;

	assert_true(weir_expr_equals(analyze(world, "I + 1", "A"), analyze(world, "(i+1)", "A")));
	assert_false(weir_expr_equals(analyze(world, "I + 1", "A"), analyze(world, "I + 2", "A")));
	assert_false(weir_expr_equals(analyze(world, "R->A", "A"), analyze(world, "R->C", "A")));
	assert_false(weir_expr_equals(analyze(world, "I - 1", "A"), analyze(world, "I + 1", "A")));
}

static void test_copies_move_columns(void **state)
{
	struct world *world = *state;
	int map[WIDTH + 1] = { -1, 5, 4, 3, 2, 1, 0, 0, 0, 0 };
	const struct weir_expr *copy = weir_expr_copy(&world->arena, analyze(world, "I + 1", "A"), 1, map);

	assert_int_equal(copy->children[0]->index, 5);
	assert_true(weir_expr_reads_only_keys(copy, 6));
	assert_false(weir_expr_reads_only_keys(copy, 5));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_arithmetic),
		TEST(test_comparisons_are_two_valued),
		TEST(test_logic),
		TEST(test_membership),
		TEST(test_like),
		TEST(test_access),
		TEST(test_constructors),
		TEST(test_casts_contain_their_errors),
		TEST(test_messages),
		TEST(test_near_columns_are_suggested),
		TEST(test_filters),
		TEST(test_texts_beside_rowtime_are_times),
		TEST(test_equal_trees),
		TEST(test_copies_move_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
