/* `weir test [--jobs N] [--filter GLOB] [--actual FILE] [--quiet] PATH…`: finds cases, runs them side by side, prints differences.
 */
#include "testing/command.h"

#include "base/memory.h"
#include "base/vec.h"
#include "testing/run.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct options {
	long jobs;
	const char *filter, *actual;
	bool quiet;
};

struct suite {
	struct options options;
	struct weir_arena arena;
	struct weir_case_list cases;
	struct weir_case_result *results;
	size_t next;
};

static bool read_file(struct weir_arena *arena, const char *path, struct weir_slice *ret_text, struct weir_err *err)
{
	FILE *file = fopen(path, "rbe");
	struct stat info;

	if (!file || fstat(fileno(file), &info) != 0) {
		weir_err_set_errno(err, WEIR_E_IO, errno, "Cannot read %s", path);
		if (file)
			fclose(file);
		return false;
	}
	char *text = weir_arena_alloc(arena, (size_t)info.st_size + 1);
	size_t len = fread(text, 1, (size_t)info.st_size, file);
	fclose(file);
	*ret_text = weir_slice_make(text, len);
	return true;
}

static bool load(struct suite *suite, const char *path, struct weir_err *err);

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool load_folder(struct suite *suite, const char *path, struct weir_err *err)
{
	WEIR_VEC(char *) names = { 0 };
	DIR *folder = opendir(path);
	struct dirent *entry;
	bool ok = true;

	if (!folder)
		return weir_err_set_errno(err, WEIR_E_IO, errno, "Cannot read %s", path);
	while ((entry = readdir(folder)))
		if (entry->d_name[0] != '.')
			WEIR_VEC_PUSH_IN(&suite->arena, &names, weir_arena_strdup(&suite->arena, entry->d_name));
	closedir(folder);
	if (names.count)
		qsort(names.items, names.count, sizeof *names.items, by_text);
	for (size_t i = 0; ok && i < names.count; i++)
		ok = load(suite, weir_arena_printf(&suite->arena, "%s/%s", path, names.items[i]).ptr, err);
	return ok;
}

static bool load(struct suite *suite, const char *path, struct weir_err *err)
{
	struct weir_slice text, name = weir_slice_of(path);
	struct stat info;

	if (stat(path, &info) != 0)
		return weir_err_set_errno(err, WEIR_E_IO, errno, "Cannot read %s", path);
	if (S_ISDIR(info.st_mode))
		return load_folder(suite, path, err);
	if (weir_slice_ends_with(name, WEIR_SLICE(".json")))
		return read_file(&suite->arena, path, &text, err) &&
		       weir_case_load_json(&suite->arena, name, text, &suite->cases, err);
	if (weir_slice_ends_with(name, WEIR_SLICE(".test")))
		return read_file(&suite->arena, path, &text, err) &&
		       weir_case_load_text(&suite->arena, name, text, &suite->cases, err);
	return true;
}

static bool is_selected(const struct suite *suite, const struct weir_case *test)
{
	if (!suite->options.filter)
		return true;
	struct weir_slice glob = weir_slice_of(suite->options.filter);
	return weir_slice_matches_glob(test->name, glob) || weir_slice_matches_glob(test->file, glob);
}

static void *run_cases(void *arg)
{
	struct suite *suite = arg;

	for (;;) {
		size_t i = __atomic_fetch_add(&suite->next, 1, __ATOMIC_RELAXED);
		if (i >= suite->cases.count)
			return NULL;
		if (is_selected(suite, &suite->cases.items[i]))
			weir_case_run(&suite->cases.items[i], suite->options.actual != NULL, &suite->results[i]);
	}
}

static void run_all(struct suite *suite)
{
	long jobs = suite->options.jobs > 64 ? 64 : suite->options.jobs;
	pthread_t threads[64];

	suite->results = weir_alloc_zero((suite->cases.count + 1) * sizeof *suite->results);
	for (long i = 1; i < jobs; i++)
		if (pthread_create(&threads[i], NULL, run_cases, suite) != 0)
			jobs = i;
	run_cases(suite);
	for (long i = 1; i < jobs; i++)
		pthread_join(threads[i], NULL);
}

static void print_failure(const struct weir_case *test, struct weir_case_result *result, bool color)
{
	printf("%sFAILED%s %.*s: %.*s\n", color ? "\033[31m" : "", color ? "\033[0m" : "", WEIR_SLICE_ARG(test->file),
		WEIR_SLICE_ARG(test->name));
	struct weir_slice text = weir_buf_slice(&result->difference);
	while (text.len) {
		const char *end = memchr(text.ptr, '\n', text.len);
		size_t len = end ? (size_t)(end - text.ptr) : text.len;
		printf("    %.*s\n", (int)len, text.ptr);
		text = weir_slice_make(text.ptr + len + (end != NULL), text.len - len - (end != NULL));
	}
}

static bool write_actual(const struct suite *suite)
{
	FILE *file = fopen(suite->options.actual, "we");

	if (!file) {
		perror(suite->options.actual);
		return false;
	}
	for (size_t i = 0; i < suite->cases.count; i++)
		if (suite->results[i].actual.len)
			fprintf(file, "%.*s\n", WEIR_SLICE_ARG(weir_buf_slice(&suite->results[i].actual)));
	return fclose(file) == 0;
}

static int report(struct suite *suite)
{
	size_t passed = 0, failed = 0, unsupported = 0;

	for (size_t i = 0; i < suite->cases.count; i++) {
		struct weir_case_result *result = &suite->results[i];
		if (!is_selected(suite, &suite->cases.items[i]))
			continue;
		passed += result->passed;
		failed += !result->passed;
		unsupported += !result->passed && result->is_unsupported;
		if (!result->passed && !suite->options.quiet)
			print_failure(&suite->cases.items[i], result, isatty(STDOUT_FILENO));
	}
	bool ok = !suite->options.actual || write_actual(suite);
	if (unsupported)
		printf("%zu of the failed ones are refused because they are not supported yet\n", unsupported);
	printf("%zu passed, %zu failed\n", passed, failed);
	for (size_t i = 0; i < suite->cases.count; i++)
		if (is_selected(suite, &suite->cases.items[i]))
			weir_case_result_fini(&suite->results[i]);
	free(suite->results);
	return ok && failed == 0 ? 0 : 1;
}

static int usage(void)
{
	fprintf(stderr, "usage: weir test [--jobs N] [--filter GLOB] [--actual FILE] [--quiet] PATH…\n"
			"  PATH: a case file (.test, .json) or a folder of them\n");
	return 2;
}

static bool parse_option(struct options *options, int argc, char **argv, int *i)
{
	const char *value = *i + 1 < argc ? argv[*i + 1] : NULL;

	if (strcmp(argv[*i], "--quiet") == 0) {
		options->quiet = true;
		return true;
	}
	if (!value)
		return false;
	if (strcmp(argv[*i], "--jobs") == 0)
		options->jobs = atol(value);
	else if (strcmp(argv[*i], "--filter") == 0)
		options->filter = value;
	else if (strcmp(argv[*i], "--actual") == 0)
		options->actual = value;
	else
		return false;
	++*i;
	return true;
}

int weir_test_command(int argc, char **argv)
{
	struct suite suite = { .options = { .jobs = sysconf(_SC_NPROCESSORS_ONLN) } };
	struct weir_err err = { 0 };
	bool any = false, ok = true;

	setenv("TZ", "UTC", 1); /* the server's zone of all cases */
	weir_arena_init(&suite.arena, 65536);
	for (int i = 1; ok && i < argc; i++) {
		if (argv[i][0] == '-') {
			if (!parse_option(&suite.options, argc, argv, &i))
				return usage();
			continue;
		}
		any = true;
		ok = load(&suite, argv[i], &err);
	}
	if (!any)
		return usage();
	if (!ok) {
		fprintf(stderr, "weir test: %s\n", err.text);
		return 2;
	}
	run_all(&suite);
	int status = report(&suite);
	weir_arena_fini(&suite.arena);
	return status;
}
