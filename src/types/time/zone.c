/* Zone ids and offsets at an instant. */
#include "base/vec.h"
#include "types/time/zone_int.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#define MAX_OFFSET_SECONDS (18 * 3600)
#define MAX_ID_BYTES       64

const struct weir_zone weir_zone_gmt = { .id = { "GMT", 3 } };

struct weir_zone_entry {
	struct weir_slice id;
	const struct weir_zone *zone; /* NULL: there is none of that id */
};

/* ---- Offsets ---- */

static bool two_digits(struct weir_slice text, size_t at, int most, int *ret)
{
	if (at + 2 > text.len || text.ptr[at] < '0' || text.ptr[at] > '9' || text.ptr[at + 1] < '0' || text.ptr[at + 1] > '9')
		return false;
	*ret = (text.ptr[at] - '0') * 10 + text.ptr[at + 1] - '0';
	return *ret <= most;
}

bool weir_zone_offset_parse(struct weir_slice text, int32_t *ret_seconds)
{
	int hours, minutes = 0, seconds = 0;
	bool ok;

	if (text.len < 2 || (text.ptr[0] != '+' && text.ptr[0] != '-'))
		return false;
	if (text.len == 2) {
		hours = text.ptr[1] - '0';
		ok = hours >= 0 && hours <= 9;
	} else {
		ok = two_digits(text, 1, 18, &hours);
		size_t colon = text.len > 3 && text.ptr[3] == ':';
		if (ok && text.len > 3)
			ok = two_digits(text, 3 + colon, 59, &minutes);
		size_t at = 5 + colon;
		if (ok && text.len > at)
			ok = (!colon || text.ptr[at] == ':') && two_digits(text, at + colon, 59, &seconds);
		ok = ok && (text.len == 3 || text.len == at || text.len == at + 2 + colon);
	}
	int32_t total = hours * 3600 + minutes * 60 + seconds;
	if (!ok || total > MAX_OFFSET_SECONDS)
		return false;
	*ret_seconds = text.ptr[0] == '-' ? -total : total;
	return true;
}

static struct weir_slice offset_id(struct weir_arena *arena, const char *prefix, int32_t seconds)
{
	int32_t size = seconds < 0 ? -seconds : seconds;
	char sign = seconds < 0 ? '-' : '+';

	if (seconds == 0)
		return weir_slice_of(*prefix ? prefix : "Z");
	if (size % 60)
		return weir_arena_printf(arena, "%s%c%02d:%02d:%02d", prefix, sign, size / 3600, size / 60 % 60, size % 60);
	return weir_arena_printf(arena, "%s%c%02d:%02d", prefix, sign, size / 3600, size / 60 % 60);
}

static const struct weir_zone *fixed(struct weir_arena *arena, const char *prefix, int32_t seconds)
{
	struct weir_zone *zone = WEIR_ARENA_NEW(arena, struct weir_zone);

	*zone = (struct weir_zone){ .id = offset_id(arena, prefix, seconds), .first_offset = seconds };
	return zone;
}

const struct weir_zone *weir_zone_of_offset(struct weir_arena *arena, int32_t seconds)
{
	return fixed(arena, "", seconds);
}

/* ---- Regions ---- */

static bool is_region_name(struct weir_slice id)
{
	static const char *const others[] = { "EST", "MST", "HST", "ROC", "Factory", "posixrules", "localtime", "leapseconds" };

	if (id.len < 2 || id.len > MAX_ID_BYTES || (id.ptr[0] | 32) < 'a' || (id.ptr[0] | 32) > 'z')
		return false;
	for (size_t i = 0; i < id.len; i++)
		if (!memchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/_+-", id.ptr[i], 66))
			return false;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (weir_slice_is(id, others[i]))
			return false;
	return !weir_slice_starts_with(id, WEIR_SLICE("posix/")) && !weir_slice_starts_with(id, WEIR_SLICE("right/"));
}

static bool read_file(const char *path, char *bytes, size_t *ret_len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;
	size_t len = 0;

	if (fd < 0)
		return false;
	while ((got = read(fd, bytes + len, WEIR_TZIF_MAX_BYTES - len)) > 0 || (got < 0 && errno == EINTR))
		len += got > 0 ? (size_t)got : 0;
	close(fd);
	*ret_len = len;
	return got == 0 && len > 0;
}

static const struct weir_zone *load_file(struct weir_arena *arena, const char *path, struct weir_slice id)
{
	char *bytes = weir_alloc(WEIR_TZIF_MAX_BYTES);
	struct weir_zone *zone = WEIR_ARENA_NEW(arena, struct weir_zone);
	size_t len;

	zone->id = weir_arena_copy(arena, id);
	bool ok = read_file(path, bytes, &len) && weir_tzif_read(arena, weir_slice_make(bytes, len), zone);
	free(bytes);
	return ok ? zone : NULL;
}

/* Zones that tzdata has made links of in 2024; older files still hold rules of their own. */
static struct weir_slice linked_zone(struct weir_slice id)
{
	static const char *const links[][2] = { { "CET", "Europe/Brussels" }, { "MET", "Europe/Brussels" },
		{ "EET", "Europe/Athens" }, { "WET", "Europe/Lisbon" }, { "EST5EDT", "America/New_York" },
		{ "CST6CDT", "America/Chicago" }, { "MST7MDT", "America/Denver" }, { "PST8PDT", "America/Los_Angeles" } };

	for (size_t i = 0; i < sizeof links / sizeof *links; i++)
		if (weir_slice_is(id, links[i][0]))
			return weir_slice_of(links[i][1]);
	return id;
}

static const struct weir_zone *load_region(struct weir_arena *arena, struct weir_slice id)
{
	const char *folder = getenv("TZDIR");
	struct weir_slice name = linked_zone(id);
	char path[PATH_MAX];

	if (!is_region_name(id))
		return NULL;
	snprintf(path, sizeof path, "%s/%.*s", folder && *folder ? folder : "/usr/share/zoneinfo", WEIR_SLICE_ARG(name));
	return load_file(arena, path, id);
}

/* UTC+1 and the like; NULL: not of that form. */
static const struct weir_zone *load_prefixed(struct weir_arena *arena, struct weir_slice id)
{
	static const char *const prefixes[] = { "UTC", "GMT", "UT" };
	int32_t seconds;

	for (size_t i = 0; i < 3; i++) {
		size_t len = strlen(prefixes[i]);
		if (!weir_slice_starts_with(id, weir_slice_of(prefixes[i])))
			continue;
		if (id.len == len)
			return fixed(arena, prefixes[i], 0);
		if (weir_zone_offset_parse(weir_slice_make(id.ptr + len, id.len - len), &seconds))
			return fixed(arena, prefixes[i], seconds);
		if (id.ptr[len] == '+' || id.ptr[len] == '-')
			return NULL;
	}
	return NULL;
}

bool weir_zone_load(struct weir_arena *arena, struct weir_slice id, const struct weir_zone **ret, struct weir_err *err)
{
	const struct weir_zone *zone = NULL;
	int32_t seconds;

	if (weir_slice_is(id, "Z"))
		zone = fixed(arena, "", 0);
	else if (weir_zone_offset_parse(id, &seconds))
		zone = fixed(arena, "", seconds);
	else
		zone = load_prefixed(arena, id);
	bool is_offset_behind_name =
		id.len > 3 && (id.ptr[3] == '+' || id.ptr[3] == '-') &&
		(weir_slice_starts_with(id, WEIR_SLICE("GMT")) || weir_slice_starts_with(id, WEIR_SLICE("UTC")));
	if (!zone && !is_offset_behind_name)
		zone = load_region(arena, id);
	if (!zone) {
		weir_err_set(err, WEIR_E_EVALUATE, "There is no time zone '%.*s'", (int)(id.len > 80 ? 80 : id.len), id.ptr);
		return weir_err_advise(err, "Write a region like Europe/London, an offset like +09:00, or UTC.");
	}
	*ret = zone;
	return true;
}

/* The region that /etc/localtime links to, else its contents. */
static const struct weir_zone *local_file_zone(struct weir_arena *arena)
{
	char target[PATH_MAX];
	ssize_t len = readlink("/etc/localtime", target, sizeof target - 1);

	if (len > 0) {
		target[len] = 0;
		const char *id = strstr(target, "zoneinfo/");
		const struct weir_zone *zone = id ? load_region(arena, weir_slice_of(id + strlen("zoneinfo/"))) : NULL;
		if (zone)
			return zone;
	}
	return load_file(arena, "/etc/localtime", WEIR_SLICE("localtime"));
}

const struct weir_zone *weir_zone_default(struct weir_arena *arena)
{
	const char *name = getenv("TZ");
	const struct weir_zone *zone = NULL;
	struct weir_err err;

	if (name && *name == ':')
		name++;
	if (name && *name && weir_zone_load(arena, weir_slice_of(name), &zone, &err))
		return zone;
	zone = name && *name ? NULL : local_file_zone(arena);
	return zone && !weir_slice_is(zone->id, "Etc/UTC") ? zone : fixed(arena, "UTC", 0);
}

struct weir_slice weir_zone_id(const struct weir_zone *zone)
{
	return zone->id;
}

/* ---- Offsets at an instant ---- */

static void at_instant(const struct weir_zone *zone, int64_t instant, int32_t *ret_offset, bool *ret_summer)
{
	size_t low = 0, high = zone->count; /* the first transition after the instant */

	while (low < high) {
		size_t middle = (low + high) / 2;
		if (zone->instants[middle] <= instant)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == zone->count && zone->rule.is_present) {
		weir_zone_rule_at(&zone->rule, instant, ret_offset, ret_summer);
		return;
	}
	*ret_offset = low ? zone->offsets[low - 1] : zone->first_offset;
	*ret_summer = low && zone->summers[low - 1];
}

int32_t weir_zone_offset(const struct weir_zone *zone, int64_t instant)
{
	int32_t offset;
	bool summer;

	at_instant(zone, instant, &offset, &summer);
	return offset;
}

bool weir_zone_is_summer(const struct weir_zone *zone, int64_t instant)
{
	int32_t offset;
	bool summer;

	at_instant(zone, instant, &offset, &summer);
	return summer;
}

int64_t weir_zone_instant(const struct weir_zone *zone, int64_t local_seconds)
{
	int32_t before = weir_zone_offset(zone, local_seconds - 86400), after = weir_zone_offset(zone, local_seconds + 86400);

	if (before != after && weir_zone_offset(zone, local_seconds - before) != before &&
		weir_zone_offset(zone, local_seconds - after) == after)
		return local_seconds - after;
	return local_seconds - before;
}

/* ---- Zones by id ---- */

bool weir_zones_get(struct weir_zones *zones, struct weir_slice id, const struct weir_zone **ret, struct weir_err *err)
{
	static const size_t most = 1024;
	struct weir_zone_entry entry = { 0 };

	for (size_t i = 0; i < zones->count; i++)
		if (weir_slice_equals(zones->items[i].id, id)) {
			if (!zones->items[i].zone)
				return weir_err_set(err, WEIR_E_EVALUATE, "There is no time zone '%.*s'", WEIR_SLICE_ARG(id));
			*ret = zones->items[i].zone;
			return true;
		}
	bool ok = weir_zone_load(zones->arena, id, &entry.zone, err);
	entry.id = weir_arena_copy(zones->arena, id);
	if (id.len <= MAX_ID_BYTES && zones->count < most)
		WEIR_VEC_PUSH_IN(zones->arena, zones, entry);
	if (ok)
		*ret = entry.zone;
	return ok;
}
