/* PCRE2 behind java_pattern.h: JIT where there is one, limits on steps, depth and memory. */
#define PCRE2_CODE_UNIT_WIDTH 8

#include "functions/regex/regex.h"

#include "base/memory.h"
#include "functions/regex/java_pattern.h"
#include "types/utf16.h"

#include <assert.h>
#include <pcre2.h>
#include <stdlib.h>

enum {
	MAX_STEPS = 10 * 1000 * 1000,
	MAX_HEAP_KIB = 64 * 1024,
	JIT_STACK_BYTES = 32 * 1024,
	MAX_JIT_STACK_BYTES = 1024 * 1024,
};

struct weir_regex {
	pcre2_code *code;
	pcre2_match_data *match;
	pcre2_match_context *context;
	pcre2_jit_stack *jit_stack;
	struct weir_java_pattern pattern; /* in the cache's arena */
	bool half_matched;                /* the last match was half a character: it has no groups but 0 */
};

struct weir_regex_cache {
	struct weir_arena arena;   /* of the regular expression it holds */
	struct weir_slice pattern; /* in the arena */
	struct weir_regex *regex;  /* NULL: none yet, or the pattern is wrong */
	struct weir_err err;       /* then: why */
	bool is_filled;
};

/* ---- Compiling ---- */

static void regex_free(struct weir_regex *regex)
{
	if (!regex)
		return;
	pcre2_match_data_free(regex->match);
	pcre2_match_context_free(regex->context);
	pcre2_jit_stack_free(regex->jit_stack);
	pcre2_code_free(regex->code);
	free(regex);
}

static bool fail_compile(int code, struct weir_err *err)
{
	PCRE2_UCHAR text[160] = "";

	pcre2_get_error_message(code, text, sizeof text);
	return weir_err_set(err, WEIR_E_EVALUATE, "The regular expression is wrong or not supported: %s", (const char *)text);
}

static bool compile_code(struct weir_regex *regex, struct weir_err *err)
{
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	int code;
	PCRE2_SIZE at;

	if (!context)
		abort();
	pcre2_set_bsr(context, PCRE2_BSR_UNICODE);
	regex->code = pcre2_compile((PCRE2_SPTR)regex->pattern.text.ptr, regex->pattern.text.len,
		PCRE2_UTF | PCRE2_DOTALL | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C, &code, &at, context);
	pcre2_compile_context_free(context);
	return regex->code || fail_compile(code, err);
}

static void make_limits(struct weir_regex *regex)
{
	regex->match = pcre2_match_data_create_from_pattern(regex->code, NULL);
	regex->context = pcre2_match_context_create(NULL);
	if (!regex->match || !regex->context)
		abort();
	pcre2_set_match_limit(regex->context, MAX_STEPS);
	pcre2_set_heap_limit(regex->context, MAX_HEAP_KIB);
	if (pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE) != 0)
		return;
	regex->jit_stack = pcre2_jit_stack_create(JIT_STACK_BYTES, MAX_JIT_STACK_BYTES, NULL);
	pcre2_jit_stack_assign(regex->context, NULL, regex->jit_stack);
}

static struct weir_regex *regex_new(struct weir_arena *arena, struct weir_slice pattern, struct weir_err *err)
{
	struct weir_regex *regex = weir_alloc_zero(sizeof *regex);

	if (!weir_java_pattern_translate(arena, pattern, &regex->pattern, err) || !compile_code(regex, err)) {
		regex_free(regex);
		return NULL;
	}
	make_limits(regex);
	return regex;
}

/* ---- The cache ---- */

static void cache_release(void *object)
{
	struct weir_regex_cache *cache = object;

	regex_free(cache->regex);
	weir_arena_fini(&cache->arena);
}

struct weir_regex_cache *weir_regex_cache_new(struct weir_arena *arena)
{
	struct weir_regex_cache *cache = WEIR_ARENA_NEW(arena, struct weir_regex_cache);

	weir_arena_init(&cache->arena, 1024);
	weir_arena_on_release(arena, cache_release, cache);
	return cache;
}

struct weir_regex *weir_regex_get(struct weir_regex_cache *cache, struct weir_slice pattern, struct weir_err *err)
{
	if (!cache->is_filled || !weir_slice_equals(cache->pattern, pattern)) {
		regex_free(cache->regex);
		weir_arena_reset(&cache->arena);
		weir_err_reset(&cache->err);
		cache->pattern = weir_arena_copy(&cache->arena, pattern);
		cache->regex = regex_new(&cache->arena, cache->pattern, &cache->err);
		cache->is_filled = true;
	}
	if (!cache->regex && err)
		weir_err_copy(err, &cache->err);
	return cache->regex;
}

int weir_regex_group_count(const struct weir_regex *regex)
{
	return regex->pattern.group_count;
}

int weir_regex_group_of(const struct weir_regex *regex, struct weir_slice name)
{
	for (size_t i = 0; i < regex->pattern.name_count; i++)
		if (weir_slice_equals(regex->pattern.names[i].name, name))
			return regex->pattern.names[i].group;
	return 0;
}

/* ---- Matching ---- */

/* What the JIT's stack is too small for, the interpreter may still do. */
static int run(struct weir_regex *regex, struct weir_slice text, size_t from, uint32_t options)
{
	PCRE2_SPTR subject = (PCRE2_SPTR)(text.ptr ? text.ptr : "");
	int count = pcre2_match(regex->code, subject, text.len, from, options, regex->match, regex->context);

	if (count == PCRE2_ERROR_JIT_STACKLIMIT)
		count = pcre2_match(regex->code, subject, text.len, from, options | PCRE2_NO_JIT, regex->match, regex->context);
	return count;
}

bool weir_regex_matches_empty(struct weir_regex *regex)
{
	return run(regex, WEIR_SLICE(""), 0, PCRE2_ANCHORED | PCRE2_ENDANCHORED) > 0;
}

static bool fail_match(struct weir_regex_search *search, int code, struct weir_err *err)
{
	search->failed = true;
	if (code == PCRE2_ERROR_MATCHLIMIT || code == PCRE2_ERROR_HEAPLIMIT || code == PCRE2_ERROR_DEPTHLIMIT)
		return weir_err_set(err, WEIR_E_EVALUATE, "The regular expression needs too many steps for this text");
	return fail_compile(code, err);
}

/* Java goes on one UTF-16 unit behind an empty match. */
static void step_over(struct weir_regex_search *search)
{
	size_t len = 1;

	if (search->end < search->text.len)
		len = weir_utf8_length(weir_slice_make(search->text.ptr + search->end, search->text.len - search->end));
	search->half_pending = len == 4;
	search->from = search->end + len;
}

bool weir_regex_next(struct weir_regex_search *search, struct weir_err *err)
{
	struct weir_regex *regex = search->regex;

	regex->half_matched = search->half_pending;
	if (search->half_pending) {
		search->half_pending = false;
		search->is_half = true;
		return true;
	}
	search->is_half = false;
	if (search->from > search->text.len)
		return false;
	int count = run(regex, search->text, search->from, 0);
	if (count == PCRE2_ERROR_NOMATCH) {
		search->from = search->text.len + 1;
		return false;
	}
	if (count < 0)
		return fail_match(search, count, err);
	const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(regex->match);
	search->start = offsets[0] < offsets[1] ? offsets[0] : offsets[1];
	search->end = offsets[1];
	search->from = search->end;
	if (search->start == search->end)
		step_over(search);
	return true;
}

bool weir_regex_group(const struct weir_regex_search *search, int group, struct weir_slice *ret)
{
	const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(search->regex->match);

	assert(group >= 0 && group <= search->regex->pattern.group_count);
	if (search->regex->half_matched) {
		*ret = weir_slice_make(search->text.ptr + search->start, 0);
		return group == 0;
	}
	if (offsets[2 * group] == PCRE2_UNSET || offsets[2 * group] > offsets[2 * group + 1])
		return false;
	*ret = weir_slice_make(search->text.ptr + offsets[2 * group], offsets[2 * group + 1] - offsets[2 * group]);
	return true;
}
