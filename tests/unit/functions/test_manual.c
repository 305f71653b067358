/* docs/functions.md is what the descriptors say. With --write it is made so (`make manual`). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "functions/manual.h"

#define PAGE WEIR_SOURCE_DIR "/docs/functions.md"

static void test_page_is_up_to_date(void **state)
{
	struct weir_buf manual, page;
	char part[4096];
	size_t got;
	FILE *file = fopen(PAGE, "rb");

	assert_non_null(file);
	weir_buf_init(&manual, WEIR_BUF_NO_LIMIT);
	weir_buf_init(&page, WEIR_BUF_NO_LIMIT);
	weir_functions_write_manual(&manual);
	while ((got = fread(part, 1, sizeof part, file)) > 0)
		weir_buf_append(&page, part, got);
	fclose(file);
	if (!weir_slice_equals(weir_buf_slice(&manual), weir_buf_slice(&page)))
		fail_msg("docs/functions.md differs from the descriptors: run make manual");
	weir_buf_fini(&page);
	weir_buf_fini(&manual);
}

static int write_page(void)
{
	struct weir_buf manual;
	FILE *file = fopen(PAGE, "wb");

	if (!file) {
		perror(PAGE);
		return 1;
	}
	weir_buf_init(&manual, WEIR_BUF_NO_LIMIT);
	weir_functions_write_manual(&manual);
	fwrite(manual.data, 1, manual.len, file);
	weir_buf_fini(&manual);
	return fclose(file) != 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_page_is_up_to_date) };

	if (argc == 2 && strcmp(argv[1], "--write") == 0)
		return write_page();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
