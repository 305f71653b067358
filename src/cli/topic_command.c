/* `weir topic list|create|configure|delete|describe|produce|consume [NAME] [--data DIR | --brokers LIST | --server URL] [--set
 * KEY=VALUE]…` */
#include "cli/topic_command.h"

#include "cli/remote_log.h"
#include "cli/topic_int.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static int usage(void)
{
	fprintf(stderr,
		"usage: weir topic list [--all]\n"
		"       weir topic create NAME [--partitions N] [--compact] [--retention-ms MS] [--set KEY=VALUE]...\n"
		"       weir topic configure NAME --set KEY=VALUE...\n"
		"       weir topic delete NAME | describe NAME\n"
		"       weir topic produce NAME [--jsonl FILE] [--set compression.type=lz4|zstd]   (FILE - or none: standard "
		"input)\n"
		"       weir topic consume NAME [--jsonl] [--from-beginning] [--exit-at-end] [--base64] [--group GROUP]\n"
		"  where: --data DIR (embedded log, default weir-data) | --brokers LIST | --server URL\n"
		"  --set takes Kafka's names of topic settings (cleanup.policy, retention.ms, retention.bytes, max.message.bytes,\n"
		"  compression.type, ...) and, with --brokers, client settings (security.protocol, ...)\n");
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
	if (strcmp(arg, "--group") == 0)
		return (options->group = value) != NULL;
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

/* Only `create` makes a data folder; what only looks opens it for reading. */
static bool open_embedded(const struct topic_options *options, struct weir_log **ret, struct weir_err *err)
{
	const char *path = options->data ? options->data : "weir-data";
	bool only_looks = strcmp(options->action, "list") == 0 || strcmp(options->action, "describe") == 0 ||
			  (strcmp(options->action, "consume") == 0 && !options->group);
	struct weir_local_options local = { .path = path, .is_tool = true, .read_only = only_looks, .clock = &weir_system_clock };
	struct stat found;

	if (strcmp(options->action, "create") != 0 && stat(path, &found) != 0) {
		weir_err_set(err, WEIR_E_NOT_FOUND, "There is no data folder %s", path);
		return weir_err_advise(err, "Name the server's folder with --data, or make a topic: weir topic create.");
	}
	return weir_log_open_local(&local, ret, err);
}

static bool open_kafka(struct topic_options *options, struct weir_log **ret, struct weir_err *err)
{
	struct weir_kafka_setting brokers = { "bootstrap.servers", options->brokers };

	WEIR_VEC_PUSH(&options->settings, brokers);
	struct weir_kafka_options kafka = {
		.settings = options->settings.items,
		.setting_count = options->settings.count,
		.service_id = "topic-",
		.is_tool = true,
		.clock = &weir_system_clock,
	};
	return weir_log_open_kafka(&kafka, ret, err);
}

static bool open_log(struct topic_options *options, struct weir_log **ret, struct weir_err *err)
{
	if (options->server)
		return weir_remote_log_open(options->server, ret, err);
	if (options->brokers)
		return open_kafka(options, ret, err);
	return open_embedded(options, ret, err);
}

static const struct {
	const char *name;
	topic_action *run;
} actions[] = { { "list", topic_list }, { "create", topic_create }, { "configure", topic_configure }, { "delete", topic_delete },
	{ "describe", topic_describe }, { "produce", topic_produce }, { "consume", topic_consume } };

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
