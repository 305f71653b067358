/* Retention by time and size; compaction: the latest value of each key, offsets unchanged. */
#include "local_fixture.h"

#include "base/clock.h"

static void fill(struct weir_log *log, const char *topic, int batches, int64_t first_ms, int64_t step_ms)
{
	struct weir_log_writer *writer = open_writer(log);
	struct weir_err err = { 0 };

	for (int i = 0; i < batches; i++) {
		assert_true(put(writer, topic, "k", "value", first_ms + i * step_ms, &err));
		commit(writer);
	}
	local_writer_close(writer);
}

static void old_batches_leave_by_their_timestamps(void **state)
{
	struct weir_virtual_clock clock;
	weir_virtual_clock_init(&clock, 1700000000000);
	struct weir_log *log = fresh_log(&clock.clock);

	create_topic(log, "t", "retention.ms=1000");
	fill(log, "t", 10, 1700000000000 - 1500, 100);
	maintain(log, "t");
	assert_int_equal(stat_of(log, "t").low, 5);
	assert_int_equal(stat_of(log, "t").high, 10);
	assert_int_equal(stat_of(log, "t").records, 5);
	assert_int_equal(read_topic(log, "t", NULL, NULL), 5);
	clock.time_ms += 10000;
	maintain(log, "t");
	assert_int_equal(stat_of(log, "t").low, 10);
	assert_int_equal(stat_of(log, "t").bytes, 0);
	fill(log, "t", 1, clock.time_ms, 0);
	assert_int_equal(stat_of(log, "t").high, 11);
	assert_int_equal(read_topic(log, "t", NULL, NULL), 1);
	close_log(log);
}

static void loaded_history_stays_with_the_default_retention(void **state)
{
	struct weir_virtual_clock clock;
	weir_virtual_clock_init(&clock, 1700000000000);
	struct weir_log *log = fresh_log(&clock.clock);

	create_topic(log, "t", "");
	fill(log, "t", 3, 1000, 1);
	fill(log, "t", 1, -5, 1);
	maintain(log, "t");
	assert_int_equal(stat_of(log, "t").records, 4);
	clock.time_ms += WEIR_DEFAULT_RETENTION_MS + 2000;
	maintain(log, "t");
	assert_int_equal(stat_of(log, "t").records, 0);
	create_topic(log, "ever", "retention.ms=-1");
	fill(log, "ever", 3, 1000, 1);
	maintain(log, "ever");
	assert_int_equal(stat_of(log, "ever").records, 3);
	close_log(log);
}

static void a_partition_is_cut_to_its_size(void **state)
{
	struct weir_log *log = fresh_log(NULL);

	create_topic(log, "t", "retention.ms=-1 retention.bytes=1000");
	fill(log, "t", 50, 0, 1);
	int64_t one = stat_of(log, "t").bytes / 50;
	maintain(log, "t");
	struct weir_partition_stat stat = stat_of(log, "t");
	assert_true(stat.bytes >= 1000 && stat.bytes < 1000 + one);
	assert_int_equal(stat.high, 50);
	assert_int_equal(stat.low, 50 - stat.records);
	close_log(log);
}

/* ---- Compaction ---- */

#define KEYS    200
#define RECORDS 30000

struct model {
	int64_t latest_offset[KEYS]; /* -1: none */
	char value[KEYS][24];        /* "": a tombstone */
	int64_t seen;
	bool is_exact; /* every record is the latest of its key */
};

static int key_number(const struct weir_message *message)
{
	char text[16] = "";

	memcpy(text, message->key.ptr, message->key.len);
	return atoi(text + 1);
}

static void check_against_model(void *ctx, const struct weir_message *message)
{
	struct model *model = ctx;

	if (message->key_is_null)
		return;
	int key = key_number(message);
	if (model->is_exact)
		assert_int_equal(message->offset, model->latest_offset[key]);
	if (message->offset == model->latest_offset[key]) {
		assert_true(weir_slice_is(message->value, model->value[key]));
		assert_int_equal(message->timestamp_ms, 1000 + message->offset);
		model->seen++;
	}
}

static void write_random(struct weir_log *log, struct model *model, int records, unsigned *seed, bool with_tombstones)
{
	struct weir_log_writer *writer = open_writer(log);
	int64_t offset = stat_of(log, "t").high;
	struct weir_err err = { 0 };

	for (int i = 0; i < records; i++, offset++) {
		int key = (int)(rand_r(seed) % KEYS);
		char key_text[16];
		bool is_tombstone = with_tombstones && rand_r(seed) % 20 == 0;
		snprintf(key_text, sizeof key_text, "k%d", key);
		snprintf(model->value[key], sizeof model->value[key], "v%lld", (long long)offset);
		if (is_tombstone)
			model->value[key][0] = '\0';
		model->latest_offset[key] = offset;
		assert_true(put(writer, "t", key_text, is_tombstone ? NULL : model->value[key], 1000 + offset, &err));
		if (rand_r(seed) % 50 == 0)
			commit(writer);
	}
	commit(writer);
	local_writer_close(writer);
}

static int64_t keys_of(const struct model *model)
{
	int64_t count = 0;

	for (int i = 0; i < KEYS; i++)
		count += model->latest_offset[i] >= 0;
	return count;
}

static void verify(struct weir_log *log, struct model *model)
{
	model->seen = 0;
	read_topic(log, "t", check_against_model, model);
	assert_int_equal(model->seen, keys_of(model));
}

static void compaction_with(const char *settings)
{
	struct weir_log *log = fresh_log(NULL);
	struct model model;
	unsigned seed = 7;

	memset(model.latest_offset, -1, sizeof model.latest_offset);
	create_topic(log, "t", settings);
	for (int round = 0; round < 4; round++) {
		model.is_exact = false;
		write_random(log, &model, RECORDS / 4, &seed, true);
		verify(log, &model);
		maintain(log, "t");
		model.is_exact = true;
		verify(log, &model);
		assert_int_equal(stat_of(log, "t").records, keys_of(&model));
		assert_int_equal(stat_of(log, "t").high, RECORDS / 4 * (round + 1));
		assert_true(stat_of(log, "t").bytes < 30000);
	}
	log->vtable->close(log);
	log = open_log(true, NULL, 0);
	verify(log, &model);
	close_log(log);
}

static void the_latest_of_each_key_stays(void **state)
{
	compaction_with("cleanup.policy=compact min.cleanable.dirty.ratio=0");
}

static void the_latest_of_each_key_stays_compressed(void **state)
{
	compaction_with("cleanup.policy=compact,delete min.cleanable.dirty.ratio=0 compression.type=zstd retention.ms=-1");
}

static void tombstones_leave_after_their_time(void **state)
{
	struct weir_virtual_clock clock;
	weir_virtual_clock_init(&clock, 1700000000000);
	struct weir_log *log = fresh_log(&clock.clock);
	struct weir_log_writer *writer = open_writer(log);
	struct weir_err err = { 0 };

	create_topic(log, "t", "cleanup.policy=compact min.cleanable.dirty.ratio=0 delete.retention.ms=60000");
	assert_true(put(writer, "t", "a", "1", 5, &err) && put(writer, "t", "b", "2", 6, &err));
	assert_true(put(writer, "t", "a", NULL, 7, &err) && put(writer, "t", NULL, "no key", 8, &err));
	commit(writer);
	maintain(log, "t");
	assert_int_equal(stat_of(log, "t").records, 3);
	clock.time_ms += 30000;
	assert_true(put(writer, "t", "c", "3", 9, &err));
	commit(writer);
	maintain(log, "t");
	assert_int_equal(stat_of(log, "t").records, 4);
	clock.time_ms += 31000; /* nothing new: the tombstone alone is a reason for a pass */
	maintain(log, "t");
	assert_int_equal(stat_of(log, "t").records, 3);
	assert_int_equal(stat_of(log, "t").high, 5);
	assert_int_equal(read_topic(log, "t", NULL, NULL), 3);
	local_writer_close(writer);
	close_log(log);
}

static void young_records_are_left_alone(void **state)
{
	struct weir_virtual_clock clock;
	weir_virtual_clock_init(&clock, 1000000);
	struct weir_log *log = fresh_log(&clock.clock);

	create_topic(log, "t", "cleanup.policy=compact min.cleanable.dirty.ratio=0 min.compaction.lag.ms=5000");
	fill(log, "t", 4, 1000000 - 6500, 1000);
	maintain(log, "t");
	assert_int_equal(stat_of(log, "t").records, 3); /* of the two old ones the later stays */
	close_log(log);
}

/* Records come and go for ever; the file stays near the size of what it holds. */
static void the_file_stays_small(void **state)
{
	struct weir_log *log = fresh_log(NULL);
	struct local_log *self = (struct local_log *)log;
	struct weir_log_writer *writer = open_writer(log);
	struct weir_err err = { 0 };
	char value[1000];

	memset(value, 'v', sizeof value - 1);
	value[sizeof value - 1] = '\0';
	create_topic(log, "t", "retention.ms=-1 retention.bytes=8000000");
	for (int round = 0; round < 60; round++) {
		for (int i = 0; i < 1000; i++)
			assert_true(put(writer, "t", "k", value, i, &err));
		commit(writer);
		maintain(log, "t");
	}
	assert_true(stat_of(log, "t").bytes >= 8000000);
	if (weir_lmdb_used_bytes(self->env) > 8000000 * 5 / 4 + 1000000 * 2)
		fail_msg("%lld bytes for 8000000", (long long)weir_lmdb_used_bytes(self->env));
	local_writer_close(writer);
	close_log(log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(old_batches_leave_by_their_timestamps),
		cmocka_unit_test(loaded_history_stays_with_the_default_retention),
		cmocka_unit_test(a_partition_is_cut_to_its_size),
		cmocka_unit_test(the_latest_of_each_key_stays),
		cmocka_unit_test(the_latest_of_each_key_stays_compressed),
		cmocka_unit_test(tombstones_leave_after_their_time),
		cmocka_unit_test(young_records_are_left_alone),
		cmocka_unit_test(the_file_stays_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
