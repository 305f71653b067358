/* The base library's own contracts: slices, arenas, buffers, maps, errors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/vec.h"

#include <stdio.h>

static void glob_matches_like_a_shell(void **state)
{
	assert_true(weir_slice_matches_glob(WEIR_SLICE("tests/sql/001.test"), WEIR_SLICE("*.test")));
	assert_true(weir_slice_matches_glob(WEIR_SLICE("abc"), WEIR_SLICE("a?c")));
	assert_true(weir_slice_matches_glob(WEIR_SLICE(""), WEIR_SLICE("*")));
	assert_false(weir_slice_matches_glob(WEIR_SLICE("abc"), WEIR_SLICE("a?")));
	assert_true(weir_slice_matches_glob(WEIR_SLICE("aXbXc"), WEIR_SLICE("a*X*c")));
}

static void integers_parse_to_the_last_value_and_no_further(void **state)
{
	int64_t value = 7;

	assert_true(weir_slice_to_i64(WEIR_SLICE("-9223372036854775808"), &value));
	assert_int_equal(value, INT64_MIN);
	assert_true(weir_slice_to_i64(WEIR_SLICE("9223372036854775807"), &value));
	assert_int_equal(value, INT64_MAX);
	assert_false(weir_slice_to_i64(WEIR_SLICE("9223372036854775808"), &value));
	assert_false(weir_slice_to_i64(WEIR_SLICE(""), &value));
	assert_false(weir_slice_to_i64(WEIR_SLICE("1 "), &value));
	assert_int_equal(value, INT64_MAX); /* untouched on failure */
}

static void arena_survives_large_and_small(void **state)
{
	struct weir_arena arena;

	weir_arena_init(&arena, 256);
	for (int round = 0; round < 3; round++) {
		char *big = weir_arena_alloc(&arena, 100000);
		memset(big, 'x', 100000);
		for (int i = 0; i < 1000; i++) {
			struct weir_slice text = weir_arena_printf(&arena, "number %d", i);
			assert_int_equal((uintptr_t)text.ptr % 16, 0);
		}
		assert_true(weir_arena_used_bytes(&arena) >= 100000 + 16000);
		weir_arena_reset(&arena);
		assert_int_equal(weir_arena_used_bytes(&arena), 0);
	}
	weir_arena_fini(&arena);
}

static void buffer_stops_at_its_limit(void **state)
{
	struct weir_buf buf;

	weir_buf_init(&buf, 10);
	weir_buf_append_text(&buf, "12345");
	weir_buf_append_i64(&buf, -1234);
	assert_true(weir_buf_ok(&buf));
	assert_string_equal(weir_buf_cstr(&buf), "12345-1234");
	weir_buf_append_byte(&buf, 'x');
	assert_false(weir_buf_ok(&buf));
	assert_int_equal(buf.len, 10);
	weir_buf_fini(&buf);
}

static void map_keeps_insertion_order_over_removal_and_growth(void **state)
{
	struct weir_map map;
	char key[16];
	int values[1000];

	weir_map_init(&map);
	for (int i = 0; i < 1000; i++) {
		snprintf(key, sizeof key, "key %d", i);
		assert_null(weir_map_put(&map, weir_slice_of(key), &values[i]));
	}
	for (int i = 0; i < 1000; i += 2) {
		snprintf(key, sizeof key, "key %d", i);
		assert_ptr_equal(weir_map_remove(&map, weir_slice_of(key)), &values[i]);
	}
	assert_int_equal(map.count, 500);
	int expected = 1;
	for (struct weir_map_entry *e = NULL; (e = weir_map_next(&map, e)); expected += 2)
		assert_ptr_equal(e->value, &values[expected]);
	assert_null(weir_map_put(&map, WEIR_SLICE("key 2"), &values[2]));
	assert_ptr_equal(weir_map_put(&map, WEIR_SLICE("key 2"), &values[3]), &values[2]);
	weir_map_fini(&map);
}

static void error_text_is_cut_between_characters(void **state)
{
	struct weir_err err;
	char text[3 * WEIR_ERR_TEXT_BYTES];

	text[0] = '\0';
	for (size_t i = 0; i < WEIR_ERR_TEXT_BYTES; i += 3)
		strcat(text, "한");
	assert_false(weir_err_set(&err, WEIR_E_TYPE, "x%s", text));
	size_t len = strlen(err.text);
	assert_int_equal((len - 1) % 3, 0);
	weir_err_set(&err, WEIR_E_TYPE, "inner");
	weir_err_prefix(&err, "outer %d", 1);
	assert_string_equal(err.text, "outer 1: inner");
	assert_string_equal(weir_err_code_name(err.code), "TYPE");
	assert_int_equal(weir_err_code_http_status(err.code), 400);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(glob_matches_like_a_shell),
		cmocka_unit_test(integers_parse_to_the_last_value_and_no_further),
		cmocka_unit_test(arena_survives_large_and_small),
		cmocka_unit_test(buffer_stops_at_its_limit),
		cmocka_unit_test(map_keeps_insertion_order_over_removal_and_growth),
		cmocka_unit_test(error_text_is_cut_between_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
