/* links: weir_testing */
/* A whole test case as text, run: statements through every layer, rows through the operators. No answer is expected, only that
 * there is one. */
#include "testing/run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct weir_case_list cases = { 0 };
	struct weir_arena arena;
	struct weir_err err;

	weir_arena_init(&arena, 8192);
	if (weir_case_load_text(&arena, WEIR_SLICE("fuzz.test"), weir_slice_make(data, size), &cases, &err)) {
		for (size_t i = 0; i < cases.count; i++) {
			struct weir_case_result result;
			weir_case_run(&cases.items[i], true, &result);
			weir_case_result_fini(&result);
		}
	}
	weir_arena_fini(&arena);
	return 0;
}
