/* Calendar arithmetic and the ISO texts of DATE, TIME and TIMESTAMP. Proleptic Gregorian calendar, UTC. semantics.md §3.5, §3.6. */
#pragma once

#include "base/buf.h"
#include "base/err.h"

#define WEIR_MS_PER_DAY INT64_C(86400000)

int64_t weir_days_from_civil(int64_t year, int month, int day);
void weir_civil_from_days(int64_t days, int64_t *ret_year, int *ret_month, int *ret_day);
int weir_days_in_month(int64_t year, int month);
int64_t weir_floor_div(int64_t value, int64_t by);
int64_t weir_floor_mod(int64_t value, int64_t by);

void weir_date_print(struct weir_buf *out, int32_t days);
/* Seconds left out when zero. */
void weir_time_print(struct weir_buf *out, int32_t ms);
/* yyyy-MM-ddTHH:mm:ss.SSS */
void weir_timestamp_print(struct weir_buf *out, int64_t ms);

/* Texts are trimmed. Errors: EVALUATE. */
bool weir_date_parse(struct weir_slice text, int32_t *ret_days, struct weir_err *err);
bool weir_time_parse(struct weir_slice text, int32_t *ret_ms, struct weir_err *err);
/* Right-truncated forms (2020, 2020-05, 2020-05-26T23) and an optional zone (Z, +9, +0900, -01:00). */
bool weir_timestamp_parse(struct weir_slice text, int64_t *ret_ms, struct weir_err *err);
