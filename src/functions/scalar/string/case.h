/* UCASE and LCASE over all of Unicode. */
#pragma once

#include "functions/scalar/string/text.h"

enum weir_result weir_text_map_case(struct weir_call *call, bool upper, union weir_cell *ret, struct weir_err *err);
