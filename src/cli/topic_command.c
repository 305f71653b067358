/* `weir topic list|create|delete|describe|produce|consume [NAME] [--data DIR | --brokers LIST] [--set KEY=VALUE]…` */
#include "cli/topic_command.h"

#include "base/vec.h"
#include "cli/jsonl.h"
#include "cli/table.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define COMMIT_RECORDS 10000

struct topic_options {
	const char *action, *name, *data, *brokers, *server, *jsonl;
	int32_t partitions;
	int64_t retention_ms;
	bool compact, all, from_beginning, exit_at_end, base64;
	WEIR_VEC(struct weir_kafka_setting) settings;
};

static int usage(void)
{
	fprintf(stderr,
		"usage: weir topic list [--all]\n"
		"       weir topic create NAME [--partitions N] [--compact] [--retention-ms MS]\n"
		"       weir topic delete NAME | describe NAME\n"
		"       weir topic produce NAME [--jsonl FILE]          (FILE - or none: standard input)\n"
		"       weir topic consume NAME [--jsonl] [--from-beginning] [--exit-at-end] [--base64]\n"
		"  where: --data DIR (embedded log, default weir-data) | --brokers LIST; --set KEY=VALUE for client settings\n");
	return 2;
}

static bool take_setting(struct topic_options *options, char *pair)
{
	char *equals = strchr(pair, '=');

	if (!equals)
		return false;
	*equals = '\0';
	struct weir_kafka_setting setting = { .name = pair, .value = equals + 1 };
	WEIR_VEC_PUSH(&options->settings, setting);
	return true;
}

static bool parse_flag(struct topic_options *options, const char *arg)
{
	if (strcmp(arg, "--compact") == 0)
		return options->compact = true;
	if (strcmp(arg, "--all") == 0)
		return options->all = true;
	if (strcmp(arg, "--from-beginning") == 0)
		return options->from_beginning = true;
	if (strcmp(arg, "--exit-at-end") == 0)
		return options->exit_at_end = true;
	return strcmp(arg, "--base64") == 0 && (options->base64 = true);
}

static bool parse_value(struct topic_options *options, const char *arg, char *value)
{
	if (strcmp(arg, "--data") == 0)
		return (options->data = value) != NULL;
	if (strcmp(arg, "--brokers") == 0)
		return (options->brokers = value) != NULL;
	if (strcmp(arg, "--server") == 0)
		return (options->server = value) != NULL;
	if (strcmp(arg, "--partitions") == 0)
		return (options->partitions = atoi(value)) > 0;
	if (strcmp(arg, "--retention-ms") == 0)
		return weir_slice_to_i64(weir_slice_of(value), &options->retention_ms);
	return strcmp(arg, "--set") == 0 && take_setting(options, value);
}

static bool parse(struct topic_options *options, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (argv[i][0] != '-' || strcmp(argv[i], "-") == 0) {
			if (!options->action)
				options->action = argv[i];
			else if (!options->name)
				options->name = argv[i];
			else
				return false;
		} else if (strcmp(argv[i], "--jsonl") == 0) {
			bool has_file = options->action && strcmp(options->action, "produce") == 0 && i + 1 < argc;
			if (has_file)
				options->jsonl = argv[++i];
		} else if (!parse_flag(options, argv[i])) {
			if (i + 1 >= argc || !parse_value(options, argv[i], argv[i + 1]))
				return false;
			i++;
		}
	}
	return options->action && (options->name || strcmp(options->action, "list") == 0);
}

static bool open_log(struct topic_options *options, struct weir_log **ret, struct weir_err *err)
{
	if (options->server) {
		weir_err_set(err, WEIR_E_NOT_SUPPORTED, "weir topic --server is not supported yet");
		return weir_err_advise(err, "Use --data DIR: it works beside a running server.");
	}
	if (options->brokers) {
		weir_err_set(err, WEIR_E_NOT_SUPPORTED, "weir topic --brokers is not supported yet");
		return weir_err_advise(err, "Use --data DIR.");
	}
	struct weir_local_options local = {
		.path = options->data ? options->data : "weir-data", .is_tool = true, .clock = &weir_system_clock
	};
	return weir_log_open_local(&local, ret, err);
}

/* ---- Actions ---- */

static bool list(struct weir_log *log, const struct topic_options *options, struct weir_err *err)
{
	struct weir_arena arena;
	struct weir_topic_config *topics;
	struct weir_table table;
	struct weir_buf out;
	size_t count;

	weir_arena_init(&arena, 4096);
	bool ok = log->vtable->topic_list(log, &arena, &topics, &count, err);
	if (ok) {
		weir_table_init(&table, &arena, 3, isatty(STDOUT_FILENO), 0);
		weir_table_add_text(&table, "Topic");
		weir_table_add_text(&table, "Partitions");
		weir_table_add_text(&table, "Records");
		for (size_t i = 0; i < count; i++) {
			int64_t low, high, records = 0;
			if (topics[i].is_internal && !options->all)
				continue;
			for (int32_t p = 0; p < topics[i].partitions; p++)
				if (log->vtable->watermarks(log, topics[i].name, p, &low, &high, err))
					records += high - low;
			weir_table_add(&table, topics[i].name);
			weir_table_add(&table, weir_arena_printf(&arena, "%d", topics[i].partitions));
			weir_table_add(&table, weir_arena_printf(&arena, "%lld", (long long)records));
		}
		weir_buf_init(&out, WEIR_BUF_NO_LIMIT);
		weir_table_print(&table, &out);
		fwrite(out.data, 1, out.len, stdout);
		weir_buf_fini(&out);
	}
	weir_arena_fini(&arena);
	return ok;
}

static bool create(struct weir_log *log, const struct topic_options *options, struct weir_err *err)
{
	struct weir_topic_config config = {
		.name = weir_slice_of(options->name),
		.partitions = options->partitions,
		.replicas = -1,
		.cleanup = options->compact ? WEIR_CLEANUP_COMPACT : WEIR_CLEANUP_DELETE,
		.retention_ms = options->retention_ms,
		.retention_bytes = -1,
	};

	return log->vtable->topic_create(log, &config, err);
}

static bool delete (struct weir_log *log, const struct topic_options *options, struct weir_err *err)
{
	return log->vtable->topic_delete(log, weir_slice_of(options->name), err);
}

static bool describe(struct weir_log *log, const struct topic_options *options, struct weir_err *err)
{
	struct weir_arena arena;
	struct weir_topic_config config;

	weir_arena_init(&arena, 1024);
	bool ok = log->vtable->topic_describe(log, weir_slice_of(options->name), &arena, &config, err);
	if (ok) {
		printf("%s: %d partitions, %s%s, retention %lld ms\n", options->name, config.partitions,
			config.cleanup & WEIR_CLEANUP_COMPACT ? "compacted " : "",
			config.cleanup & WEIR_CLEANUP_COMPACT ? "" : "deleted by age", (long long)config.retention_ms);
		for (int32_t p = 0; p < config.partitions; p++) {
			int64_t low, high;
			if (log->vtable->watermarks(log, config.name, p, &low, &high, err))
				printf("  partition %d: offsets %lld to %lld\n", p, (long long)low, (long long)high);
		}
	}
	weir_arena_fini(&arena);
	return ok;
}

struct producer {
	struct weir_log *log;
	struct weir_log_writer *writer;
	struct weir_slice topic;
	int32_t partitions;
	uint32_t turn;
	size_t pending, total;
};

static bool produce_line(struct producer *producer, struct weir_slice line, struct weir_err *err)
{
	struct weir_arena arena;
	struct weir_message message;
	int32_t partition;

	weir_arena_init(&arena, 4096);
	bool ok = weir_jsonl_read(&arena, line, weir_clock_now_ms(&weir_system_clock), &partition, &message, err);
	if (ok && partition < 0)
		partition = message.key_is_null ? (int32_t)(producer->turn++ % (uint32_t)producer->partitions)
						: weir_log_partition_of(message.key, producer->partitions);
	ok = ok && producer->log->vtable->append(producer->writer, producer->topic, partition, &message, err);
	weir_arena_fini(&arena);
	if (!ok)
		return false;
	producer->total++;
	if (++producer->pending < COMMIT_RECORDS)
		return true;
	producer->pending = 0;
	return producer->log->vtable->commit(producer->writer, err);
}

static bool produce_all(struct producer *producer, FILE *file, struct weir_err *err)
{
	char *line = NULL;
	size_t size = 0, number = 0;
	ssize_t len;
	bool ok = true;

	while (ok && (len = getline(&line, &size, file)) >= 0) {
		struct weir_slice text = weir_slice_trim(weir_slice_make(line, (size_t)len));
		number++;
		if (text.len && !(ok = produce_line(producer, text, err)))
			weir_err_prefix(err, "line %zu", number);
	}
	free(line);
	return ok && producer->log->vtable->commit(producer->writer, err);
}

static bool produce(struct weir_log *log, const struct topic_options *options, struct weir_err *err)
{
	bool is_stdin = !options->jsonl || strcmp(options->jsonl, "-") == 0;
	FILE *file = is_stdin ? stdin : fopen(options->jsonl, "re");
	struct producer producer = { .log = log, .topic = weir_slice_of(options->name) };
	struct weir_topic_config config;
	struct weir_arena arena;

	if (!file)
		return weir_err_set_errno(err, WEIR_E_IO, errno, "Cannot read %s", options->jsonl);
	weir_arena_init(&arena, 512);
	bool ok = log->vtable->topic_describe(log, producer.topic, &arena, &config, err) &&
		  log->vtable->writer_open(log, WEIR_SLICE("weir-topic"), false, &producer.writer, err);
	producer.partitions = ok ? config.partitions : 1;
	ok = ok && produce_all(&producer, file, err);
	log->vtable->writer_close(producer.writer);
	weir_arena_fini(&arena);
	if (!is_stdin)
		fclose(file);
	if (ok)
		fprintf(stderr, "%zu records\n", producer.total);
	return ok;
}

static bool assign_all(struct weir_log *log, struct weir_log_reader *reader, const struct topic_options *options, int64_t *ret_left,
	struct weir_err *err)
{
	struct weir_topic_config config;
	struct weir_arena arena;

	weir_arena_init(&arena, 512);
	bool ok = log->vtable->topic_describe(log, weir_slice_of(options->name), &arena, &config, err);
	*ret_left = 0;
	for (int32_t p = 0; ok && p < config.partitions; p++) {
		int64_t low, high;
		ok = log->vtable->watermarks(log, config.name, p, &low, &high, err) &&
		     log->vtable->assign(reader, config.name, p, options->from_beginning ? low : high, NULL, err);
		*ret_left += options->from_beginning ? high - low : 0;
	}
	weir_arena_fini(&arena);
	return ok;
}

static bool consume(struct weir_log *log, const struct topic_options *options, struct weir_err *err)
{
	struct weir_log_reader *reader;
	struct weir_buf out;
	int64_t left;

	if (!log->vtable->reader_open(log, &reader, err))
		return false;
	weir_buf_init(&out, WEIR_BUF_NO_LIMIT);
	bool ok = assign_all(log, reader, options, &left, err);
	while (ok && (!options->exit_at_end || left > 0)) {
		struct weir_fetch fetch;
		ok = log->vtable->poll(reader, 1000, 200, &fetch, err);
		for (size_t i = 0; ok && i < fetch.count; i++)
			weir_jsonl_write(&out, fetch.partition, &fetch.messages[i], options->base64);
		left -= (int64_t)fetch.count;
		if (fwrite(out.data, 1, out.len, stdout) != out.len || fflush(stdout) != 0)
			break;
		weir_buf_reset(&out);
		if (options->exit_at_end && ok && fetch.count == 0) /* compacted gaps: nothing more comes */
			break;
	}
	weir_buf_fini(&out);
	log->vtable->reader_close(reader);
	return ok;
}

static const struct {
	const char *name;
	bool (*run)(struct weir_log *log, const struct topic_options *options, struct weir_err *err);
} actions[] = { { "list", list }, { "create", create }, { "delete", delete }, { "describe", describe }, { "produce", produce },
	{ "consume", consume } };

int weir_topic_command(int argc, char **argv)
{
	struct topic_options options = { .partitions = 1, .retention_ms = 0 };
	struct weir_err err = { 0 };
	struct weir_log *log = NULL;
	bool ok = false, known = false;

	if (!parse(&options, argc, argv))
		return usage();
	for (size_t i = 0; i < sizeof actions / sizeof *actions && !known; i++) {
		if (strcmp(options.action, actions[i].name) != 0)
			continue;
		known = true;
		ok = open_log(&options, &log, &err) && actions[i].run(log, &options, &err);
	}
	if (log)
		log->vtable->close(log);
	WEIR_VEC_FREE(&options.settings);
	if (!known)
		return usage();
	if (!ok)
		fprintf(stderr, "weir topic: %s\n%s%s%s", err.text, err.advice[0] ? "  " : "", err.advice,
			err.advice[0] ? "\n" : "");
	return ok ? 0 : 1;
}
