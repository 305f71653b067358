/* JSON values as texts in the batch arena. */
#pragma once

#include "functions/scalar/json/document.h"

/* As weir_document_print_text() has it, or with quotes. FAILED: too long. */
enum weir_result weir_json_printed(
	struct weir_call *call, const struct weir_json *json, bool with_quotes, struct weir_slice *ret, struct weir_err *err);
