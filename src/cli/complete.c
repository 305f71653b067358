/* Names come from the server by the same statements that a user would type; without a server only the words are left. */
#include "cli/complete.h"

#include "base/memory.h"
#include "base/vec.h"

#include <ctype.h>
#include <stdlib.h>

struct weir_completer {
	struct weir_sql_client *client;
	struct weir_arena arena; /* names and what was found */
	WEIR_VEC(struct weir_slice) names;
	WEIR_VEC(struct weir_slice) found;
	bool is_loaded;
};

static const char *const words[] = {
#define WEIR_KEYWORD(word, is_reserved) #word,
#include "sql/keywords.def"
#undef WEIR_KEYWORD
	"kafka_topic",
	"value_format",
	"key_format",
	"partitions",
	"auto.offset.reset",
	"earliest",
	"latest",
	"help",
	"history",
	"output",
	"version",
	"clear",
	"exit",
};

struct weir_completer *weir_completer_new(struct weir_sql_client *client)
{
	struct weir_completer *completer = weir_alloc_zero(sizeof *completer);

	completer->client = client;
	weir_arena_init(&completer->arena, 8192);
	return completer;
}

void weir_completer_free(struct weir_completer *completer)
{
	WEIR_VEC_FREE(&completer->names);
	WEIR_VEC_FREE(&completer->found);
	weir_arena_fini(&completer->arena);
	free(completer);
}

void weir_completer_forget(struct weir_completer *completer)
{
	completer->is_loaded = false;
	completer->names.count = completer->found.count = 0;
	weir_arena_reset(&completer->arena);
}

/* `list` holds objects with a name each. */
static void ask_names(struct weir_completer *completer, const char *statement, const char *list)
{
	struct weir_json *answer;

	if (!weir_client_ask(completer->client, weir_slice_of(statement), &completer->arena, &answer) || !answer->count)
		return;
	const struct weir_json *names = weir_json_get(answer->items[0], list);
	for (size_t i = 0; names && i < names->count; i++)
		WEIR_VEC_PUSH(&completer->names, weir_json_get_text(names->items[i], "name", ""));
}

static void load(struct weir_completer *completer)
{
	weir_completer_forget(completer);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		WEIR_VEC_PUSH(&completer->names, weir_slice_of(words[i]));
	ask_names(completer, "SHOW STREAMS;", "streams");
	ask_names(completer, "SHOW TABLES;", "tables");
	ask_names(completer, "SHOW TOPICS;", "topics");
	ask_names(completer, "SHOW FUNCTIONS;", "functions");
	completer->is_loaded = true;
}

static int compare(const void *a, const void *b)
{
	return weir_slice_compare(*(const struct weir_slice *)a, *(const struct weir_slice *)b);
}

static bool begins_with(struct weir_slice name, struct weir_slice prefix)
{
	return name.len >= prefix.len && weir_slice_equals_nocase(weir_slice_make(name.ptr, prefix.len), prefix);
}

/* What was begun in small letters goes on in small letters; names that need quotes are left as they are. */
static struct weir_slice in_the_case_of(struct weir_arena *arena, struct weir_slice name, struct weir_slice prefix)
{
	for (size_t i = 0; i < prefix.len; i++)
		if (isupper((unsigned char)prefix.ptr[i]))
			return name;
	for (size_t i = 0; i < name.len; i++)
		if (islower((unsigned char)name.ptr[i]) || (unsigned char)name.ptr[i] >= 0x80)
			return name;
	char *lower = weir_arena_alloc(arena, name.len);
	for (size_t i = 0; i < name.len; i++)
		lower[i] = (char)tolower((unsigned char)name.ptr[i]);
	return weir_slice_make(lower, name.len);
}

size_t weir_completer_find(
	struct weir_completer *completer, struct weir_slice prefix, const struct weir_slice **ret_found, size_t most)
{
	size_t count = 0;

	if (!completer->is_loaded)
		load(completer);
	completer->found.count = 0;
	for (size_t i = 0; i < completer->names.count; i++)
		if (begins_with(completer->names.items[i], prefix))
			WEIR_VEC_PUSH(&completer->found, in_the_case_of(&completer->arena, completer->names.items[i], prefix));
	if (completer->found.count)
		qsort(completer->found.items, completer->found.count, sizeof *completer->found.items, compare);
	for (size_t i = 0; i < completer->found.count && count < most; i++) /* a topic may be called like its stream */
		if (!count || !weir_slice_equals(completer->found.items[count - 1], completer->found.items[i]))
			completer->found.items[count++] = completer->found.items[i];
	*ret_found = completer->found.items;
	return count;
}
