/* links: weir_testing */
/* Files of JSON cases: any bytes. */
#include "testing/case.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct weir_case_list cases = { 0 };
	struct weir_arena arena;
	struct weir_err err;

	weir_arena_init(&arena, 8192);
	weir_case_load_json(&arena, WEIR_SLICE("fuzz.json"), weir_slice_make(data, size), &cases, &err);
	weir_arena_fini(&arena);
	return 0;
}
