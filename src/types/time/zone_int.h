/* Inside types/time/: what a zone is made of. */
#pragma once

#include "types/time/zone.h"

#define WEIR_TZIF_MAX_BYTES 65536

/* One of a year's two changes, as a POSIX TZ string has it. */
struct weir_zone_change {
	char kind; /* 'M': month, week, day of week; 'J': day 1–365 without 29 February; 'D': day 0–365 */
	int month, week, day;
	int32_t seconds; /* of the local day; may be negative or past its end */
};

struct weir_zone_rule {
	bool is_present, has_summer;
	int32_t standard, summer; /* seconds east */
	struct weir_zone_change start, end;
};

struct weir_zone {
	struct weir_slice id;
	int32_t first_offset; /* before the first transition */
	size_t count;
	const int64_t *instants; /* of the transitions, ascending */
	const int32_t *offsets;  /* from each transition on */
	const bool *summers;
	struct weir_zone_rule rule; /* after the last transition */
};

/* A compiled time zone file (RFC 8536) of version 2 or later. false: it is none. The zone's arrays live in the arena. */
bool weir_tzif_read(struct weir_arena *arena, struct weir_slice bytes, struct weir_zone *ret);
/* EST5EDT,M3.2.0,M11.1.0 */
bool weir_zone_rule_parse(struct weir_slice text, struct weir_zone_rule *ret);
void weir_zone_rule_at(const struct weir_zone_rule *rule, int64_t instant, int32_t *ret_offset, bool *ret_summer);
