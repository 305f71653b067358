/* Settings: what settings.def lists, plus Kafka's own client settings, which are passed through.
 *
 * Holds: a struct weir_settings is one layer (server, session, request, query); a look-up falls through to `parent`, then to the
 * default. Names may be written bare or with the prefix `ksql.streams.`; they are kept bare. Not shared between threads while
 * changed.
 */
#pragma once

#include "base/err.h"
#include "base/map.h"

enum weir_setting_type { WEIR_SETTING_TEXT, WEIR_SETTING_BOOL, WEIR_SETTING_INT };
enum weir_setting_scope { WEIR_SETTING_SERVER, WEIR_SETTING_QUERY };

struct weir_setting_info {
	const char *name;
	enum weir_setting_type type;
	const char *default_value;
	enum weir_setting_scope scope;
	const char *doc;
};

struct weir_settings {
	const struct weir_settings *parent; /* outlives this one */
	struct weir_map values;             /* bare name -> NUL-terminated text, owned */
};

/* i from 0; NULL past the end. */
const struct weir_setting_info *weir_setting_at(size_t i);
/* NULL when it is none of weir's own. */
const struct weir_setting_info *weir_setting_find(struct weir_slice name);
/* A name that Kafka's clients would know: passed through unchecked. */
bool weir_setting_is_client_setting(struct weir_slice name);

void weir_settings_init(struct weir_settings *settings, const struct weir_settings *parent);
void weir_settings_fini(struct weir_settings *settings);
void weir_settings_copy(struct weir_settings *to, const struct weir_settings *from);

/* is_server: every setting may be set; otherwise only those of scope QUERY. Errors: INVALID_PROPERTY with a suggestion. */
bool weir_settings_set(
	struct weir_settings *settings, struct weir_slice name, struct weir_slice value, bool is_server, struct weir_err *err);
/* Removes this layer's value; *ret_old (may be NULL) is a heap copy of it or NULL. */
bool weir_settings_unset(struct weir_settings *settings, struct weir_slice name, char **ret_old, struct weir_err *err);
/* Lines of `name=value`, `#` and `!` comments, trailing backslash continues. */
bool weir_settings_load_file(struct weir_settings *settings, const char *path, struct weir_err *err);

/* The value in force, or NULL when nobody gave one and there is no default ("" counts as none). Valid until the layer changes. */
const char *weir_settings_text(const struct weir_settings *settings, const char *name);
/* Only what this layer or its parents hold, without defaults; NULL when unset. */
const char *weir_settings_given(const struct weir_settings *settings, const char *name);
/* Is the topic in the list that the setting holds: names, and prefixes that end in `.*`, with commas between? */
bool weir_settings_lists(const struct weir_settings *settings, const char *name, struct weir_slice topic);
bool weir_settings_bool(const struct weir_settings *settings, const char *name);
int64_t weir_settings_int(const struct weir_settings *settings, const char *name);
