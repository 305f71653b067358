/* The wrapper of LMDB: the checker never refuses a file that LMDB wrote. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "lmdb/env.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const tables[] = { "small", "large", "empty" };

static struct weir_lmdb *open_env(const char *path)
{
	struct weir_lmdb_options options = { .path = path, .tables = tables, .table_count = 3 };
	struct weir_lmdb *env;
	struct weir_err err = { 0 };

	if (!weir_lmdb_open(&options, &env, &err))
		fail_msg("%s", err.text);
	return env;
}

struct round {
	unsigned *seed;
	int changes;
	bool removes;
};

static bool change_body(void *ctx, struct weir_lmdb_txn *txn, struct weir_err *err)
{
	static char value[150000];
	struct round *round = ctx;
	char key[100];

	for (int i = 0; i < round->changes; i++) {
		unsigned number = (unsigned)rand_r(round->seed) % 3000;
		size_t table = number % 5 == 0,
		       len = table ? (size_t)rand_r(round->seed) % sizeof value : (size_t)rand_r(round->seed) % 200;
		int key_len = snprintf(key, sizeof key, "%u is a key of its own length %.*s", number, (int)(number % 50),
			"..................................................");
		bool removes = round->removes ? rand_r(round->seed) % 10 != 0 : rand_r(round->seed) % 3 == 0;
		if (removes ? !weir_lmdb_delete(txn, table, weir_slice_make(key, (size_t)key_len), err)
			    : !weir_lmdb_put(txn, table, weir_slice_make(key, (size_t)key_len), weir_slice_make(value, len), err))
			return false;
	}
	return true;
}

static void every_file_of_lmdbs_is_good(void **state)
{
	char path[64], command[128];
	struct weir_err err = { 0 };
	unsigned seed = getenv("ENV_SEED") ? (unsigned)atoi(getenv("ENV_SEED")) : 3;
	bool complete;

	snprintf(path, sizeof path, "/tmp/weir-test-lmdb-%d", getpid());
	snprintf(command, sizeof command, "rm -rf %s", path);
	assert_int_equal(system(command), 0);
	struct weir_lmdb *env = open_env(path);
	for (int i = 0; i < 1200; i++) {
		struct round round = {
			.seed = &seed, .changes = 1 + rand_r(&seed) % (i % 40 == 0 ? 1500 : 15), .removes = i / 100 % 3 == 2
		};
		if (!weir_lmdb_write(env, change_body, &round, &err))
			fail_msg("%s", err.text);
		if (!weir_lmdb_check(env, UINT64_MAX, &complete, &err))
			fail_msg("round %d: %s", i, err.text);
		assert_true(complete);
		if (i % 100 == 0) {
			weir_lmdb_close(env);
			env = open_env(path);
		}
	}
	assert_true(weir_lmdb_check(env, 3, &complete, &err));
	assert_false(complete);
	weir_lmdb_close(env);
	assert_int_equal(system(command), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_file_of_lmdbs_is_good) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
