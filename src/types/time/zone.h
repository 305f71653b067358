/* Time zones: Java's zone ids, read from the system's tzdata ($TZDIR, else /usr/share/zoneinfo), and their English names.
 *
 * Ids: IANA regions (Europe/London, case-sensitive), Z, UTC, GMT, UT, offsets (+9, +09, +0900, +09:00, +09:00:30, at most 18 h) and
 * offsets behind UTC, GMT or UT. Three-letter abbreviations are none. (spec functions.md §2.11)
 * Holds: a zone is immutable and lives in the arena that it was loaded into.
 * Thread: any.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"

struct weir_zone;

extern const struct weir_zone weir_zone_gmt;

/* Errors: EVALUATE. */
bool weir_zone_load(struct weir_arena *arena, struct weir_slice id, const struct weir_zone **ret, struct weir_err *err);
/* A fixed offset as a zone; its id is +hh:mm[:ss] or Z. */
const struct weir_zone *weir_zone_of_offset(struct weir_arena *arena, int32_t seconds);
/* The server's: $TZ, else /etc/localtime, else UTC. */
const struct weir_zone *weir_zone_default(struct weir_arena *arena);
struct weir_slice weir_zone_id(const struct weir_zone *zone);

/* Seconds east of Greenwich at an instant (seconds since 1970, UTC). */
int32_t weir_zone_offset(const struct weir_zone *zone, int64_t instant);
bool weir_zone_is_summer(const struct weir_zone *zone, int64_t instant);
/* A local time's instant. In a gap the offset before it counts, in an overlap the earlier offset. */
int64_t weir_zone_instant(const struct weir_zone *zone, int64_t local_seconds);

/* Zones by id, loaded once each; for ids that come from data. Not shared between threads. */
struct weir_zones {
	struct weir_arena *arena;
	struct weir_zone_entry *items;
	size_t count, capacity;
};

/* Errors: EVALUATE. */
bool weir_zones_get(struct weir_zones *zones, struct weir_slice id, const struct weir_zone **ret, struct weir_err *err);

/* The whole of +h, +hh, +hh:mm, +hhmm, +hh:mm:ss, +hhmmss. */
bool weir_zone_offset_parse(struct weir_slice text, int32_t *ret_seconds);

enum weir_zone_name_style {
	WEIR_ZONE_NAME_SHORT,
	WEIR_ZONE_NAME_SHORT_SUMMER,
	WEIR_ZONE_NAME_SHORT_GENERIC,
	WEIR_ZONE_NAME_LONG,
	WEIR_ZONE_NAME_LONG_SUMMER,
	WEIR_ZONE_NAME_LONG_GENERIC,
};

/* The zone's name, or its id where it has none. */
struct weir_slice weir_zone_name(const struct weir_zone *zone, enum weir_zone_name_style style);
/* The longest zone name or region id that `text` starts with, in any case: its zone's id and *ret_used bytes. ptr NULL: none. */
struct weir_slice weir_zone_id_of_name(struct weir_slice text, bool is_long, size_t *ret_used);
struct weir_slice weir_zone_id_of_prefix(struct weir_slice text, size_t *ret_used);
