/* links: weir_registry */
/* Avro schemas in the registry: any text; what is accepted has a canonical text that is its own, and is compatible with itself. */
#include "registry/avro_compat.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct weir_avro_schema *parse(struct weir_arena *arena, struct weir_slice text)
{
	const struct weir_avro_schema *schema = NULL;
	struct weir_map names;
	struct weir_err err;

	weir_map_init(&names);
	weir_avro_parse(arena, text, &names, &schema, &err);
	weir_map_fini(&names);
	return schema;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct weir_arena arena;
	struct weir_buf first, second;
	struct weir_avro_problems problems = { 0 };

	weir_arena_init(&arena, 4096);
	weir_buf_init(&first, WEIR_BUF_NO_LIMIT);
	weir_buf_init(&second, WEIR_BUF_NO_LIMIT);
	const struct weir_avro_schema *schema = parse(&arena, weir_slice_make(data, size));
	if (schema) {
		weir_avro_write_canonical(schema, &first);
		const struct weir_avro_schema *again = parse(&arena, weir_buf_slice(&first));
		assert(again);
		weir_avro_write_canonical(again, &second);
		assert(weir_slice_equals(weir_buf_slice(&first), weir_buf_slice(&second)));
		weir_avro_find_problems(&arena, again, schema, "new", "old", &problems);
		assert(problems.count == 0);
	}
	weir_buf_fini(&first);
	weir_buf_fini(&second);
	weir_arena_fini(&arena);
	return 0;
}
