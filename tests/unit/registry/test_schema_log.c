/* The registry's records in topic `_schemas` of a log: kept, replayed, and read on by a registry that opens later. */
#include "log/log.h"
#include "registry/embedded.h"
#include "unit/http/cmocka_all.h"

static struct weir_err err;

static struct weir_registry *open_registry(struct weir_log *log)
{
	struct weir_schema_log *schema_log = NULL;
	struct weir_registry *registry = NULL;

	if (!weir_schema_log_open_topic(log, &weir_system_clock, &schema_log, &err) ||
		!weir_registry_open_embedded(schema_log, &registry, &err))
		fail_msg("%s", err.text);
	return registry;
}

static void a_registry_over_a_log_survives_its_restart(void **state)
{
	struct weir_log *log = NULL;
	struct weir_arena arena;
	struct weir_registered_schema found = { 0 };
	int32_t id = 0;

	weir_arena_init(&arena, 1024);
	if (!weir_log_open_memory(&weir_system_clock, &log, &err))
		fail_msg("%s", err.text);
	struct weir_registry *registry = open_registry(log);
	for (int i = 0; i < 2500; i++) { /* more than one fetch */
		struct weir_schema_text schema = { .text = weir_arena_printf(
							   &arena, "{\"type\":\"fixed\",\"name\":\"F%d\",\"size\":%d}", i, i + 1) };
		assert_true(weir_registry_register(registry, weir_arena_printf(&arena, "s%d", i), &schema, &id, &err));
		assert_int_equal(id, i + 1);
	}
	assert_true(weir_registry_delete_subject(registry, WEIR_SLICE("s7"), false, &err));
	weir_registry_close(registry);
	registry = open_registry(log);
	assert_true(weir_registry_latest(registry, WEIR_SLICE("s2499"), &arena, &found, &err));
	assert_int_equal(found.id, 2500);
	assert_false(weir_registry_latest(registry, WEIR_SLICE("s7"), &arena, &found, &err));
	weir_registry_close(registry);
	log->vtable->close(log);
	weir_arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_registry_over_a_log_survives_its_restart) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
