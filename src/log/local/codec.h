/* Compression of record batches: LZ4 frames and Zstandard frames, as Kafka has them. */
#pragma once

#include "base/buf.h"
#include "base/err.h"

/* Kafka's numbers (record batch attributes, bits 0-2). */
enum local_codec { LOCAL_CODEC_NONE = 0, LOCAL_CODEC_GZIP = 1, LOCAL_CODEC_SNAPPY = 2, LOCAL_CODEC_LZ4 = 3, LOCAL_CODEC_ZSTD = 4 };

struct local_coder; /* the libraries' working memory, one per reader or writer; made on first use */

void local_coder_free(struct local_coder *coder); /* accepts NULL */
/* Appends the compressed bytes to out. Errors: INTERNAL. */
bool local_compress(
	struct local_coder **coder, enum local_codec codec, struct weir_slice plain, struct weir_buf *out, struct weir_err *err);
/* Appends the plain bytes to out, up to its limit. Errors: LOG_CORRUPT (the caller says where), NOT_SUPPORTED. */
bool local_decompress(
	struct local_coder **coder, enum local_codec codec, struct weir_slice packed, struct weir_buf *out, struct weir_err *err);
