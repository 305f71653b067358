/* CEIL, FLOOR, ROUND share how integers and decimals are handled. */
#pragma once

#include "functions/define.h"

enum weir_result weir_same_integer(struct weir_call *call, union weir_cell *ret, struct weir_err *err);
/* Floor (-1) or ceiling (1) of a decimal, in its own scale. */
__int128 weir_decimal_whole(__int128 value, int scale, int direction);
