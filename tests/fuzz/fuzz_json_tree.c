/* links: weir_json */
/* JSON trees: any bytes; what parses prints as JSON that parses. */
#include "json/json.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct weir_arena arena;
	struct weir_json *json, *again;
	struct weir_buf pretty;
	struct weir_err err;

	weir_arena_init(&arena, 4096);
	weir_buf_init(&pretty, WEIR_BUF_NO_LIMIT);
	if (weir_json_parse(&arena, weir_slice_make(data, size), false, &json, &err)) {
		weir_json_pretty(&pretty, json->raw);
		bool ok = weir_json_parse(&arena, weir_buf_slice(&pretty), false, &again, &err);
		assert(ok && again->kind == json->kind && again->count == json->count);
	}
	weir_buf_fini(&pretty);
	weir_arena_fini(&arena);
	return 0;
}
