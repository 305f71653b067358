/* ARRAY_MAX and ARRAY_MIN. */
#pragma once

#include "functions/define.h"

enum weir_result weir_array_extreme(struct weir_call *call, int sign, union weir_cell *ret, struct weir_err *err);
