/* What the functions with date patterns share: patterns and zones that are constants are compiled and loaded once per use; others
 * per row, zones with a cache.
 */
#pragma once

#include "functions/define.h"
#include "types/time/date_pattern.h"

/* Arguments: 0 the value, 1 the pattern, 2 the zone (if any). ROOT for the functions that read timestamps. */
void *weir_datetime_prepare(struct weir_arena *arena, const struct weir_value *const *constants, size_t count);
void *weir_datetime_prepare_root(struct weir_arena *arena, const struct weir_value *const *constants, size_t count);
/* Arguments: 0 the value, 1 and 2 zones. */
void *weir_datetime_prepare_zones(struct weir_arena *arena, const struct weir_value *const *constants, size_t count);

bool weir_datetime_pattern(const struct weir_call *call, const struct weir_date_pattern **ret, struct weir_err *err);
/* Argument i's zone. */
bool weir_datetime_zone(const struct weir_call *call, size_t i, const struct weir_zone **ret, struct weir_err *err);
const struct weir_zone *weir_datetime_server_zone(const struct weir_call *call);
struct weir_zones *weir_datetime_zones(const struct weir_call *call);

/* By argument 1's pattern. */
enum weir_result weir_datetime_format(
	const struct weir_call *call, const struct weir_moment *moment, union weir_cell *ret, struct weir_err *err);
/* Argument 0 by argument 1's pattern, to milliseconds. */
enum weir_result weir_datetime_parse_timestamp(
	const struct weir_call *call, const struct weir_zone *zone, union weir_cell *ret, struct weir_err *err);
