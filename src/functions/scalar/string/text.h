/* Building result texts in the batch arena. */
#pragma once

#include "base/buf.h"
#include "functions/define.h"

/* Copies the buffer into the call's arena as the result and frees it. FAILED when it overflowed. */
enum weir_result weir_text_finish(struct weir_call *call, struct weir_buf *buf, union weir_cell *ret, struct weir_err *err);
enum weir_result weir_text_slice(union weir_cell *ret, struct weir_slice text);
/* UTF-16 positions [from, to) of a text, clamped; a half of a surrogate pair becomes '?'. */
struct weir_slice weir_text_units(struct weir_arena *arena, struct weir_slice text, size_t from, size_t to);
