/* LPAD and RPAD. Lengths count UTF-16 units for texts and bytes for BYTES. */
#pragma once

#include "functions/scalar/string/text.h"

enum weir_result weir_text_pad(struct weir_call *call, bool left, union weir_cell *ret, struct weir_err *err);
