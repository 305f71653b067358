/* Look-up, checking and loading of settings. */
#include "engine/settings.h"

#include "base/buf.h"
#include "base/memory.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_LINE_BYTES 65536

static const struct weir_setting_info infos[] = {
#define WEIR_SETTING(name_, type_, default_, scope_, doc_)                                                                         \
	{ .name = name_, .type = WEIR_SETTING_##type_, .default_value = default_, .scope = WEIR_SETTING_##scope_, .doc = doc_ },
#include "engine/settings.def"
#undef WEIR_SETTING
};

/* First parts of names that belong to Kafka's clients. */
static const char *const client_prefixes[] = { "security.", "sasl.", "ssl.", "client.", "socket.", "metadata.", "message.",
	"queued.", "queue.", "fetch.", "linger.", "batch.", "compression.", "retry.", "retries", "request.", "reconnect.",
	"broker.", "topic.", "max.poll.", "session.", "heartbeat.", "isolation.", "enable.", "debug", "statistics.", "api.",
	"transaction.", "acks", "producer.", "consumer.", "receive.", "max.in.flight", "connections.", "group.",
	"partition.assignment", "allow.auto", "oauthbearer.", "replication.factor", "topology.", "state.", "buffer.memory",
	"delivery.timeout", "default.", "task.timeout", "metrics.", "confluent.", "bootstrap.", "interceptor.", "max.request.size",
	"max.partition", "max.block", "poll.ms", "windowstore.", "rocksdb.", "upgrade.from", "acceptable.recovery", "num.standby",
	"probing.", "warmup.", "built.in", "dsl.", "application.", "log.connection", "plugin." };

static struct weir_slice bare_name(struct weir_slice name)
{
	static const struct weir_slice prefix = WEIR_SLICE("ksql.streams.");

	if (weir_slice_starts_with(name, prefix))
		return weir_slice_make(name.ptr + prefix.len, name.len - prefix.len);
	return name;
}

const struct weir_setting_info *weir_setting_at(size_t i)
{
	return i < sizeof infos / sizeof *infos ? &infos[i] : NULL;
}

const struct weir_setting_info *weir_setting_find(struct weir_slice name)
{
	struct weir_slice bare = bare_name(name);

	for (size_t i = 0; i < sizeof infos / sizeof *infos; i++)
		if (weir_slice_is(bare, infos[i].name))
			return &infos[i];
	return NULL;
}

bool weir_setting_is_client_setting(struct weir_slice name)
{
	struct weir_slice bare = bare_name(name);

	for (size_t i = 0; i < sizeof client_prefixes / sizeof *client_prefixes; i++)
		if (weir_slice_starts_with(bare, weir_slice_of(client_prefixes[i])))
			return true;
	return weir_slice_starts_with(bare, WEIR_SLICE("ksql.")) && !weir_slice_is(bare, "ksql.");
}

void weir_settings_init(struct weir_settings *settings, const struct weir_settings *parent)
{
	settings->parent = parent;
	weir_map_init(&settings->values);
}

void weir_settings_fini(struct weir_settings *settings)
{
	for (struct weir_map_entry *e = NULL; (e = weir_map_next(&settings->values, e));)
		free(e->value);
	weir_map_fini(&settings->values);
}

static void put(struct weir_settings *settings, struct weir_slice bare, struct weir_slice value)
{
	char *text = weir_alloc(value.len + 1);

	if (value.len)
		memcpy(text, value.ptr, value.len);
	text[value.len] = '\0';
	free(weir_map_put(&settings->values, bare, text));
}

void weir_settings_copy(struct weir_settings *to, const struct weir_settings *from)
{
	for (struct weir_map_entry *e = NULL; (e = weir_map_next(&from->values, e));)
		put(to, e->key, weir_slice_of(e->value));
}

static const char *nearest_name(struct weir_slice name)
{
	const char *best = NULL;
	size_t best_common = 0;

	for (size_t i = 0; i < sizeof infos / sizeof *infos; i++) {
		size_t common = 0, len = strlen(infos[i].name);
		while (common < len && common < name.len && infos[i].name[common] == name.ptr[common])
			common++;
		if (common > best_common && common * 2 > name.len) {
			best = infos[i].name;
			best_common = common;
		}
	}
	return best;
}

/* Known, but only their defaults hold: another value is refused rather than ignored. */
static const char *const fixed[] = { "ksql.persistent.prefix", "ksql.create.or.replace.enabled", "ksql.headers.columns.enabled",
	"ksql.create.topic.inherit.source.replicas.enabled", "ksql.cast.strings.preserve.nulls", "ksql.nested.error.set.null",
	"ksql.timestamp.throw.on.invalid", "ksql.suppress.enabled", "ksql.lambdas.enabled", "max.task.idle.ms",
	"ksql.fail.on.deserialization.error", "ksql.fail.on.production.error", "weir.max.message.bytes" };

static bool check_fixed(const struct weir_setting_info *info, struct weir_slice value, struct weir_err *err)
{
	if (weir_slice_equals_nocase(value, weir_slice_of(info->default_value)))
		return true;
	for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
		if (strcmp(info->name, fixed[i]) == 0) {
			weir_err_set(err, WEIR_E_NOT_SUPPORTED, "Another value of %s than '%s' is not supported yet", info->name,
				info->default_value);
			return weir_err_advise(err, "Leave the setting out.");
		}
	return true;
}

static bool check_value(const struct weir_setting_info *info, struct weir_slice value, struct weir_err *err)
{
	int64_t number;

	if (info->type == WEIR_SETTING_BOOL && !weir_slice_equals_nocase(value, WEIR_SLICE("true")) &&
		!weir_slice_equals_nocase(value, WEIR_SLICE("false")))
		return weir_err_set(
			err, WEIR_E_INVALID_PROPERTY, "%s is true or false, not '%.*s'", info->name, WEIR_SLICE_ARG(value));
	if (info->type == WEIR_SETTING_INT && !weir_slice_to_i64(value, &number))
		return weir_err_set(
			err, WEIR_E_INVALID_PROPERTY, "%s is a whole number, not '%.*s'", info->name, WEIR_SLICE_ARG(value));
	if (weir_slice_is(weir_slice_of(info->name), "auto.offset.reset") && !weir_slice_is(value, "earliest") &&
		!weir_slice_is(value, "latest"))
		return weir_err_set(
			err, WEIR_E_INVALID_PROPERTY, "auto.offset.reset is earliest or latest, not '%.*s'", WEIR_SLICE_ARG(value));
	if (weir_slice_is(weir_slice_of(info->name), "processing.guarantee") && !weir_slice_is(value, "exactly_once_v2") &&
		!weir_slice_is(value, "at_least_once") && !weir_slice_is(value, "exactly_once"))
		return weir_err_set(err, WEIR_E_INVALID_PROPERTY,
			"processing.guarantee is exactly_once_v2 or at_least_once, not '%.*s'", WEIR_SLICE_ARG(value));
	return true;
}

static bool check_name(struct weir_slice name, bool is_server, struct weir_err *err)
{
	const struct weir_setting_info *info = weir_setting_find(name);

	if (info && info->scope == WEIR_SETTING_SERVER && !is_server)
		return weir_err_set(err, WEIR_E_INVALID_PROPERTY, "'%s' can only be set in the server's configuration", info->name);
	if (info || weir_setting_is_client_setting(name))
		return true;
	weir_err_set(err, WEIR_E_INVALID_PROPERTY, "There is no setting called '%.*s'", WEIR_SLICE_ARG(name));
	const char *near = nearest_name(name);
	if (near)
		weir_err_advise(err, "Did you mean '%s'? SHOW PROPERTIES lists them all.", near);
	else
		weir_err_advise(err, "SHOW PROPERTIES lists them all.");
	return false;
}

bool weir_settings_set(
	struct weir_settings *settings, struct weir_slice name, struct weir_slice value, bool is_server, struct weir_err *err)
{
	const struct weir_setting_info *info = weir_setting_find(name);

	if (!check_name(name, is_server, err) || (info && (!check_value(info, value, err) || !check_fixed(info, value, err))))
		return false;
	put(settings, bare_name(name), value);
	return true;
}

bool weir_settings_unset(struct weir_settings *settings, struct weir_slice name, char **ret_old, struct weir_err *err)
{
	if (!check_name(name, false, err))
		return false;
	char *old = weir_map_remove(&settings->values, bare_name(name));
	if (ret_old)
		*ret_old = old;
	else
		free(old);
	return true;
}

static bool load_line(struct weir_settings *settings, struct weir_slice line, const char *path, int number, struct weir_err *err)
{
	line = weir_slice_trim(line);
	if (line.len == 0 || line.ptr[0] == '#' || line.ptr[0] == '!')
		return true;
	const char *equals = memchr(line.ptr, '=', line.len);
	if (!equals)
		return weir_err_set(err, WEIR_E_INVALID_PROPERTY, "%s, line %d: expected name=value, found '%.*s'", path, number,
			WEIR_SLICE_ARG(line));
	struct weir_slice name = weir_slice_trim(weir_slice_make(line.ptr, (size_t)(equals - line.ptr)));
	struct weir_slice value = weir_slice_trim(weir_slice_make(equals + 1, line.len - (size_t)(equals + 1 - line.ptr)));
	if (!weir_settings_set(settings, name, value, true, err))
		return weir_err_prefix(err, "%s, line %d", path, number);
	return true;
}

bool weir_settings_load_file(struct weir_settings *settings, const char *path, struct weir_err *err)
{
	FILE *file = fopen(path, "re");
	char part[4096];
	struct weir_buf line;
	bool ok = true;

	if (!file)
		return weir_err_set_errno(err, WEIR_E_IO, errno, "Cannot read the configuration %s", path);
	weir_buf_init(&line, MAX_LINE_BYTES);
	for (int number = 1; ok && fgets(part, sizeof part, file);) {
		size_t len = strlen(part);
		bool ends = len && part[len - 1] == '\n';
		while (len && (part[len - 1] == '\n' || part[len - 1] == '\r'))
			len--;
		bool continues = ends && len && part[len - 1] == '\\';
		weir_buf_append(&line, part, continues ? len - 1 : len);
		if (continues || (!ends && !feof(file)))
			continue;
		ok = load_line(settings, weir_buf_slice(&line), path, number++, err);
		weir_buf_reset(&line);
	}
	if (ok && line.len)
		ok = load_line(settings, weir_buf_slice(&line), path, 0, err);
	weir_buf_fini(&line);
	fclose(file);
	return ok;
}

const char *weir_settings_given(const struct weir_settings *settings, const char *name)
{
	struct weir_slice bare = bare_name(weir_slice_of(name));

	for (; settings; settings = settings->parent) {
		const char *value = weir_map_get(&settings->values, bare);
		if (value)
			return value;
	}
	return NULL;
}

const char *weir_settings_text(const struct weir_settings *settings, const char *name)
{
	const char *value = weir_settings_given(settings, name);

	if (!value) {
		const struct weir_setting_info *info = weir_setting_find(weir_slice_of(name));
		value = info ? info->default_value : NULL;
	}
	return value && *value ? value : NULL;
}

bool weir_settings_lists(const struct weir_settings *settings, const char *name, struct weir_slice topic)
{
	const char *list = weir_settings_text(settings, name);
	struct weir_slice rest = weir_slice_of(list ? list : "");

	while (rest.len) {
		const char *comma = memchr(rest.ptr, ',', rest.len);
		struct weir_slice pattern = weir_slice_make(rest.ptr, comma ? (size_t)(comma - rest.ptr) : rest.len);
		size_t used = comma ? pattern.len + 1 : pattern.len;
		rest = weir_slice_make(rest.ptr + used, rest.len - used);
		if (weir_slice_ends_with(pattern, WEIR_SLICE(".*"))
				? weir_slice_starts_with(topic, weir_slice_make(pattern.ptr, pattern.len - 2))
				: weir_slice_equals(topic, pattern))
			return true;
	}
	return false;
}

bool weir_settings_bool(const struct weir_settings *settings, const char *name)
{
	const char *value = weir_settings_text(settings, name);

	return value && weir_slice_equals_nocase(weir_slice_of(value), WEIR_SLICE("true"));
}

int64_t weir_settings_int(const struct weir_settings *settings, const char *name)
{
	const char *value = weir_settings_text(settings, name);
	int64_t number = 0;

	if (value && !weir_slice_to_i64(weir_slice_of(value), &number))
		assert(!"a checked setting is a number");
	return number;
}
