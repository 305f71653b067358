/* CRC-32C of Kafka's record batches. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* "123456789" gives 0xe3069283. Thread: any. */
uint32_t local_crc32c(const void *bytes, size_t len);
