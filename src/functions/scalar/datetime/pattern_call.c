/* Patterns and zones of a call: prepared when constant. */
#include "functions/scalar/datetime/pattern_call.h"

#define MAX_ARGS 3

struct site {
	enum weir_date_locale locale;
	const struct weir_date_pattern *pattern; /* NULL: not constant, or wrong (told by each row) */
	const struct weir_zone *by_arg[MAX_ARGS];
	const struct weir_zone *server;
	struct weir_zones zones;
};

static void prepare_zone(struct site *site, const struct weir_value *const *constants, size_t count, size_t i)
{
	struct weir_err err;

	if (i < count && constants[i] && !constants[i]->is_null &&
		!weir_zones_get(&site->zones, constants[i]->cell.str, &site->by_arg[i], &err))
		site->by_arg[i] = NULL;
}

static struct site *new_site(struct weir_arena *arena)
{
	struct site *site = WEIR_ARENA_NEW(arena, struct site);

	site->zones.arena = arena;
	site->server = weir_zone_default(arena);
	return site;
}

static void *prepare(
	struct weir_arena *arena, const struct weir_value *const *constants, size_t count, enum weir_date_locale locale)
{
	struct site *site = new_site(arena);
	struct weir_err err;

	site->locale = locale;
	if (count > 1 && constants[1] && !constants[1]->is_null &&
		!weir_date_pattern_compile(arena, constants[1]->cell.str, locale, &site->pattern, &err))
		site->pattern = NULL;
	prepare_zone(site, constants, count, 2);
	return site;
}

void *weir_datetime_prepare(struct weir_arena *arena, const struct weir_value *const *constants, size_t count)
{
	return prepare(arena, constants, count, WEIR_DATE_ENGLISH);
}

void *weir_datetime_prepare_root(struct weir_arena *arena, const struct weir_value *const *constants, size_t count)
{
	return prepare(arena, constants, count, WEIR_DATE_ROOT);
}

void *weir_datetime_prepare_zones(struct weir_arena *arena, const struct weir_value *const *constants, size_t count)
{
	struct site *site = new_site(arena);

	prepare_zone(site, constants, count, 1);
	prepare_zone(site, constants, count, 2);
	return site;
}

bool weir_datetime_pattern(const struct weir_call *call, const struct weir_date_pattern **ret, struct weir_err *err)
{
	const struct site *site = call->prepared;

	if (!site->pattern)
		return weir_date_pattern_compile(call->arena, ARG(1).str, site->locale, ret, err);
	*ret = site->pattern;
	return true;
}

bool weir_datetime_zone(const struct weir_call *call, size_t i, const struct weir_zone **ret, struct weir_err *err)
{
	struct site *site = call->prepared;

	if (!site->by_arg[i])
		return weir_zones_get(&site->zones, ARG(i).str, ret, err);
	*ret = site->by_arg[i];
	return true;
}

const struct weir_zone *weir_datetime_server_zone(const struct weir_call *call)
{
	return ((const struct site *)call->prepared)->server;
}

struct weir_zones *weir_datetime_zones(const struct weir_call *call)
{
	return &((struct site *)call->prepared)->zones;
}

enum weir_result weir_datetime_format(
	const struct weir_call *call, const struct weir_moment *moment, union weir_cell *ret, struct weir_err *err)
{
	const struct weir_date_pattern *pattern;

	if (!weir_datetime_pattern(call, &pattern, err) || !weir_date_format(pattern, moment, call->arena, &ret->str, err))
		return WEIR_FAILED;
	return WEIR_VALUE;
}

enum weir_result weir_datetime_parse_timestamp(
	const struct weir_call *call, const struct weir_zone *zone, union weir_cell *ret, struct weir_err *err)
{
	const struct weir_date_pattern *pattern;

	if (!weir_datetime_pattern(call, &pattern, err) ||
		!weir_date_parse_timestamp(pattern, ARG(0).str, zone, weir_datetime_zones(call), &ret->i64, err))
		return WEIR_FAILED;
	return WEIR_VALUE;
}
