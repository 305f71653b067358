/* links: weir_functions */
/* URIs: any text. The parts of what is accepted lie inside it and can be decoded. */
#include "functions/scalar/url/uri.h"

#include "types/utf16.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_part(struct weir_arena *arena, struct weir_slice text, struct weir_uri_part part)
{
	if (!part.is_present)
		return;
	assert(part.text.ptr >= text.ptr && part.text.ptr + part.text.len <= text.ptr + text.len);
	assert(weir_utf8_is_valid(weir_uri_decode(arena, part.text, false)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct weir_slice text = weir_slice_make(data, size);
	struct weir_arena arena;
	struct weir_uri uri;
	struct weir_err err = { 0 };

	weir_arena_init(&arena, 4096);
	if (size > 0 && weir_uri_parse(text, &uri, &err)) {
		check_part(&arena, text, uri.scheme);
		check_part(&arena, text, uri.host);
		check_part(&arena, text, uri.path);
		check_part(&arena, text, uri.query);
		check_part(&arena, text, uri.fragment);
		assert(uri.port >= -1);
	}
	weir_err_reset(&err);
	weir_arena_fini(&arena);
	return 0;
}
