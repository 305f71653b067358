/* Time units and the sums of dates and times with them. */
#pragma once

#include "functions/define.h"

/* Argument 0's unit in milliseconds. false: there is no such unit here. */
bool weir_interval_unit_ms(const struct weir_call *call, int64_t *ret_ms, struct weir_err *err);

/* (unit, interval, value), `sign` 1 or -1. */
enum weir_result weir_date_shift(struct weir_call *call, int sign, union weir_cell *ret, struct weir_err *err);
enum weir_result weir_time_shift(struct weir_call *call, int sign, union weir_cell *ret, struct weir_err *err);
enum weir_result weir_timestamp_shift(struct weir_call *call, int sign, union weir_cell *ret, struct weir_err *err);
