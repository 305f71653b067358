/* links: weir_functions */
/* Java patterns: any first line as a pattern, the rest as a text. What is translated is understood by PCRE2 or refused; matches go
 * forward and lie inside the text, their groups, too. */
#include "functions/regex/java_pattern.h"
#include "functions/regex/regex.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void search_all(struct weir_regex *regex, struct weir_slice text, struct weir_err *err)
{
	struct weir_regex_search search = { .regex = regex, .text = text };
	size_t last = 0;

	weir_regex_matches_empty(regex);
	for (int i = 0; i < 1000 && weir_regex_next(&search, err); i++) {
		assert(search.start >= last && search.start <= search.end && search.end <= text.len);
		last = search.end;
		for (int group = 0; group <= weir_regex_group_count(regex); group++) {
			struct weir_slice part;
			if (weir_regex_group(&search, group, &part))
				assert(part.ptr >= text.ptr && part.ptr + part.len <= text.ptr + text.len);
		}
	}
	assert(!search.failed || err->code != WEIR_E_NONE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *line = memchr(data, '\n', size);
	struct weir_slice pattern = weir_slice_make(data, line ? (size_t)(line - data) : size);
	struct weir_slice text = line ? weir_slice_make(line + 1, size - pattern.len - 1) : WEIR_SLICE("");
	struct weir_java_pattern translated;
	struct weir_arena arena;
	struct weir_err err = { 0 };

	weir_arena_init(&arena, 4096);
	bool ok = weir_java_pattern_translate(&arena, pattern, &translated, &err);
	assert(ok || err.code != WEIR_E_NONE);
	weir_err_reset(&err);
	struct weir_regex *regex = weir_regex_get(weir_regex_cache_new(&arena), pattern, &err);
	assert(ok || !regex);
	if (regex)
		search_all(regex, text, &err);
	else
		assert(err.code != WEIR_E_NONE);
	weir_err_reset(&err);
	weir_arena_fini(&arena);
	return 0;
}
