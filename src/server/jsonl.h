/* Records as JSON lines: {"partition":0,"timestamp":…,"headers":[["k","base64"]],"key":"text"|null,"value":"text"|null}; bytes that
 * are no UTF-8 as key_base64 and value_base64. A round trip is exact. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "log/log.h"

void weir_jsonl_write(struct weir_buf *out, int32_t partition, const struct weir_message *message, bool all_base64);
/* *ret_partition -1: not given (by key). Everything lives in the arena. now_ms: when no timestamp is given. */
bool weir_jsonl_read(struct weir_arena *arena, struct weir_slice line, int64_t now_ms, int32_t *ret_partition,
	struct weir_message *ret, struct weir_err *err);
