/* MD5, because the registry's protocol names schemas by it. Not for security. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct weir_md5 {
	uint32_t state[4];
	uint64_t len;
	uint8_t block[64];
};

void weir_md5_init(struct weir_md5 *md5);
void weir_md5_update(struct weir_md5 *md5, const void *bytes, size_t len);
void weir_md5_finish(struct weir_md5 *md5, uint8_t ret_digest[16]);
