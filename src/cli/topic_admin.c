/* `weir topic list|create|configure|delete|describe`. */
#include "cli/table.h"
#include "cli/topic_int.h"
#include "log/topic_settings.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void print_table(struct weir_table *table)
{
	struct weir_buf out;

	weir_buf_init(&out, WEIR_BUF_NO_LIMIT);
	weir_table_print(table, &out);
	fwrite(out.data, 1, out.len, stdout);
	weir_buf_fini(&out);
}

/* Records and bytes, as far as the backend knows them. */
static bool measure(
	struct weir_log *log, struct weir_slice topic, int32_t partition, struct weir_partition_stat *ret, struct weir_err *err)
{
	struct weir_partition_stat stat = { .bytes = -1 };

	if (log->vtable->partition_stat)
		return log->vtable->partition_stat(log, topic, partition, ret, err);
	if (!log->vtable->watermarks(log, topic, partition, &stat.low, &stat.high, err))
		return false;
	stat.records = stat.high - stat.low;
	*ret = stat;
	return true;
}

static void add_number(struct weir_table *table, struct weir_arena *arena, int64_t number)
{
	weir_table_add(table, number < 0 ? WEIR_SLICE("") : weir_arena_printf(arena, "%lld", (long long)number));
}

static void add_topic(
	struct weir_log *log, struct weir_table *table, struct weir_arena *arena, const struct weir_topic_config *topic)
{
	struct weir_partition_stat sum = { 0 }, stat;
	struct weir_err ignored;

	for (int32_t p = 0; p < topic->partitions; p++) {
		if (!measure(log, topic->name, p, &stat, &ignored))
			continue;
		sum.records += stat.records;
		sum.bytes = stat.bytes < 0 ? -1 : sum.bytes + stat.bytes;
	}
	weir_table_add(table, topic->name);
	add_number(table, arena, topic->partitions);
	add_number(table, arena, sum.records);
	add_number(table, arena, sum.bytes);
}

bool topic_list(struct weir_log *log, const struct topic_options *options, struct weir_err *err)
{
	struct weir_arena arena;
	struct weir_topic_config *topics;
	struct weir_table table;
	size_t count;

	weir_arena_init(&arena, 4096);
	bool ok = log->vtable->topic_list(log, &arena, &topics, &count, err);
	if (ok) {
		weir_table_init(&table, &arena, 4, isatty(STDOUT_FILENO), 0);
		weir_table_add_text(&table, "Topic");
		weir_table_add_text(&table, "Partitions");
		weir_table_add_text(&table, "Records");
		weir_table_add_text(&table, "Bytes");
		for (size_t i = 0; i < count; i++)
			if (!topics[i].is_internal || options->all)
				add_topic(log, &table, &arena, &topics[i]);
		print_table(&table);
	}
	weir_arena_fini(&arena);
	return ok;
}

/* Settings that are not topics' are the client's: only a broker has use for them. */
static bool apply_settings(const struct topic_options *options, struct weir_topic_config *config, struct weir_err *err)
{
	for (size_t i = 0; i < options->settings.count; i++) {
		struct weir_slice name = weir_slice_of(options->settings.items[i].name);
		bool ignored;
		if (options->brokers && !weir_topic_setting_is_known(name))
			continue;
		if (!weir_topic_setting_apply(config, name, weir_slice_of(options->settings.items[i].value), &ignored, err))
			return false;
		if (ignored)
			fprintf(stderr, "weir topic: %s has no effect on the embedded log\n", options->settings.items[i].name);
	}
	return true;
}

bool topic_create(struct weir_log *log, const struct topic_options *options, struct weir_err *err)
{
	struct weir_topic_config config = {
		.name = weir_slice_of(options->name),
		.partitions = options->partitions,
		.replicas = -1,
		.cleanup = options->compact ? WEIR_CLEANUP_COMPACT : WEIR_CLEANUP_DELETE,
		.retention_ms = options->retention_ms,
		.retention_bytes = -1,
	};

	return apply_settings(options, &config, err) && log->vtable->topic_create(log, &config, err);
}

bool topic_configure(struct weir_log *log, const struct topic_options *options, struct weir_err *err)
{
	struct weir_topic_config config;
	struct weir_arena arena;

	if (options->settings.count == 0) {
		weir_err_set(err, WEIR_E_USAGE, "Nothing to configure");
		return weir_err_advise(err, "Name settings: --set retention.ms=86400000");
	}
	weir_arena_init(&arena, 512);
	bool ok = log->vtable->topic_describe(log, weir_slice_of(options->name), &arena, &config, err) &&
		  apply_settings(options, &config, err) && log->vtable->topic_configure(log, &config, err);
	weir_arena_fini(&arena);
	return ok;
}

bool topic_delete(struct weir_log *log, const struct topic_options *options, struct weir_err *err)
{
	return log->vtable->topic_delete(log, weir_slice_of(options->name), err);
}

static void print_config(const struct weir_topic_config *config)
{
	struct weir_buf out;

	weir_buf_init(&out, WEIR_BUF_NO_LIMIT);
	weir_buf_printf(&out, "Topic %.*s, %d partition%s%s\n", WEIR_SLICE_ARG(config->name), config->partitions,
		config->partitions == 1 ? "" : "s", config->is_internal ? ", internal" : "");
	for (size_t i = 0; weir_topic_setting_name(i); i++) {
		weir_buf_printf(&out, "  %s=", weir_topic_setting_name(i));
		weir_topic_setting_print(config, i, &out);
		weir_buf_append_byte(&out, '\n');
	}
	fwrite(out.data, 1, out.len, stdout);
	weir_buf_fini(&out);
}

static bool print_partitions(
	struct weir_log *log, const struct weir_topic_config *config, struct weir_arena *arena, struct weir_err *err)
{
	struct weir_table table;

	weir_table_init(&table, arena, 5, isatty(STDOUT_FILENO), 0);
	weir_table_add_text(&table, "Partition");
	weir_table_add_text(&table, "First offset");
	weir_table_add_text(&table, "End offset");
	weir_table_add_text(&table, "Records");
	weir_table_add_text(&table, "Bytes");
	for (int32_t p = 0; p < config->partitions; p++) {
		struct weir_partition_stat stat;
		if (!measure(log, config->name, p, &stat, err))
			return false;
		add_number(&table, arena, p);
		add_number(&table, arena, stat.low);
		add_number(&table, arena, stat.high);
		add_number(&table, arena, stat.records);
		add_number(&table, arena, stat.bytes);
	}
	print_table(&table);
	return true;
}

bool topic_describe(struct weir_log *log, const struct topic_options *options, struct weir_err *err)
{
	struct weir_arena arena;
	struct weir_topic_config config;

	weir_arena_init(&arena, 1024);
	bool ok = log->vtable->topic_describe(log, weir_slice_of(options->name), &arena, &config, err);
	if (ok) {
		print_config(&config);
		ok = print_partitions(log, &config, &arena, err);
	}
	weir_arena_fini(&arena);
	return ok;
}
