/* Numbers from bytes in big- or little-endian order. */
#pragma once

#include "functions/define.h"

/* Reads argument 0, of exactly `size` bytes, in the order that argument 1 names (big-endian without one). */
enum weir_result weir_number_bytes(struct weir_call *call, size_t size, uint64_t *ret_bits, struct weir_err *err);
