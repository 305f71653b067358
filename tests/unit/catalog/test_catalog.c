/* Snapshots are independent of each other; names are suggested; what is in use is told. */
#include "catalog/catalog.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct weir_column columns[] = {
	{ .name = { "ID", 2 }, .type = &weir_type_integer, .role = WEIR_COLUMN_KEY },
	{ .name = { "V", 1 }, .type = &weir_type_string, .role = WEIR_COLUMN_VALUE },
};
static const struct weir_schema schema = { columns, 2, 1 };

static void put(struct weir_catalog *catalog, const char *name)
{
	struct weir_source source = {
		.name = weir_slice_of(name),
		.schema = &schema,
		.topic = WEIR_SLICE("topic"),
		.key = { .name = WEIR_SLICE("KAFKA") },
		.value = { .name = WEIR_SLICE("JSON") },
	};

	weir_catalog_put_source(catalog, &source);
}

static void put_query(struct weir_catalog *catalog, enum weir_query_kind kind, const char *id, const char *source, const char *sink)
{
	struct weir_query *query = weir_query_new();
	struct weir_slice *names = WEIR_ARENA_ARRAY(&query->arena, struct weir_slice, 1);

	names[0] = weir_slice_of(source);
	query->kind = kind;
	query->id = weir_slice_of(id);
	query->source_names = names;
	query->source_count = 1;
	query->sink_name = weir_slice_of(sink);
	weir_catalog_put_query(catalog, query);
	weir_query_unref(query);
}

static void test_an_edit_does_not_change_its_origin(void **state)
{
	struct weir_catalog *first = weir_catalog_new();

	put(first, "A");
	struct weir_catalog *second = weir_catalog_edit(first);
	put(second, "B");
	assert_true(weir_catalog_drop_source(second, WEIR_SLICE("A")));
	assert_false(weir_catalog_drop_source(second, WEIR_SLICE("A")));
	assert_non_null(weir_catalog_source(first, WEIR_SLICE("A")));
	assert_null(weir_catalog_source(first, WEIR_SLICE("B")));
	assert_null(weir_catalog_source(second, WEIR_SLICE("A")));
	weir_catalog_unref(first);
	assert_string_equal(weir_catalog_source(second, WEIR_SLICE("B"))->schema->columns[1].name.ptr, "V");
	weir_catalog_unref(second);
}

static void test_replacing_keeps_the_place(void **state)
{
	struct weir_catalog *catalog = weir_catalog_new();

	put(catalog, "A");
	put(catalog, "B");
	put(catalog, "A");
	assert_true(weir_slice_is(weir_catalog_source_at(catalog, 0)->name, "A"));
	assert_null(weir_catalog_source_at(catalog, 2));
	weir_catalog_unref(catalog);
}

static void test_near_names_are_suggested(void **state)
{
	struct weir_catalog *catalog = weir_catalog_new();

	put(catalog, "ORDERS");
	put(catalog, "USERS");
	assert_true(weir_slice_is(weir_catalog_suggest_source(catalog, WEIR_SLICE("ordres")), "ORDERS"));
	assert_int_equal(weir_catalog_suggest_source(catalog, WEIR_SLICE("COMPLETELY")).len, 0);
	weir_catalog_unref(catalog);
}

static void test_drop_is_refused_while_read_or_written(void **state)
{
	struct weir_catalog *catalog = weir_catalog_new();
	struct weir_err err = { 0 };

	put(catalog, "A");
	put(catalog, "B");
	put(catalog, "C");
	put_query(catalog, WEIR_QUERY_CREATE_AS, "CSAS_B_1", "A", "B");
	put_query(catalog, WEIR_QUERY_INSERT, "INSERTQUERY_2", "C", "B");
	assert_false(weir_catalog_check_drop(catalog, weir_catalog_source(catalog, WEIR_SLICE("A")), &err));
	assert_non_null(strstr(err.text, "read from this source: [B]"));
	assert_false(weir_catalog_check_drop(catalog, weir_catalog_source(catalog, WEIR_SLICE("C")), &err));
	assert_non_null(strstr(err.text, "[INSERTQUERY_2]"));
	assert_false(weir_catalog_check_drop(catalog, weir_catalog_source(catalog, WEIR_SLICE("B")), &err));
	assert_true(weir_catalog_drop_query(catalog, WEIR_SLICE("INSERTQUERY_2")));
	assert_true(weir_catalog_check_drop(catalog, weir_catalog_source(catalog, WEIR_SLICE("C")), &err));
	weir_catalog_unref(catalog);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_edit_does_not_change_its_origin),
		cmocka_unit_test(test_replacing_keeps_the_place),
		cmocka_unit_test(test_near_names_are_suggested),
		cmocka_unit_test(test_drop_is_refused_while_read_or_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
