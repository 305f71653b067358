/* LZ4 and Zstandard behind one pair of calls. Decompression grows step by step: a length that a damaged frame claims is never
 * believed. */
#include "log/local/codec.h"

#include "base/memory.h"

#include <lz4frame.h>
#include <stdlib.h>
#include <zstd.h>

#define STEP_BYTES 65536

struct local_coder {
	LZ4F_dctx *lz4;
	ZSTD_CCtx *zstd_out;
	ZSTD_DCtx *zstd_in;
};

void local_coder_free(struct local_coder *coder)
{
	if (!coder)
		return;
	LZ4F_freeDecompressionContext(coder->lz4);
	ZSTD_freeCCtx(coder->zstd_out);
	ZSTD_freeDCtx(coder->zstd_in);
	free(coder);
}

static struct local_coder *made(struct local_coder **coder)
{
	if (!*coder)
		*coder = weir_alloc_zero(sizeof **coder);
	return *coder;
}

static bool fail(struct weir_err *err, const char *library, const char *why)
{
	return weir_err_set(err, WEIR_E_INTERNAL, "%s cannot compress: %s", library, why);
}

static bool compress_lz4(struct weir_slice plain, struct weir_buf *out, struct weir_err *err)
{
	LZ4F_preferences_t preferences = { .frameInfo = { .blockSizeID = LZ4F_max64KB, .blockMode = LZ4F_blockIndependent } };
	size_t room = LZ4F_compressFrameBound(plain.len, &preferences);

	if (!weir_buf_reserve(out, room))
		return fail(err, "LZ4", "the batch is too large");
	size_t len = LZ4F_compressFrame(out->data + out->len, room, plain.ptr, plain.len, &preferences);
	if (LZ4F_isError(len))
		return fail(err, "LZ4", LZ4F_getErrorName(len));
	out->len += len;
	return true;
}

static bool compress_zstd(struct local_coder *coder, struct weir_slice plain, struct weir_buf *out, struct weir_err *err)
{
	size_t room = ZSTD_compressBound(plain.len);

	if (!coder->zstd_out)
		coder->zstd_out = ZSTD_createCCtx();
	if (!coder->zstd_out || !weir_buf_reserve(out, room))
		return fail(err, "zstd", "no memory, or the batch is too large");
	size_t len = ZSTD_compressCCtx(coder->zstd_out, out->data + out->len, room, plain.ptr, plain.len, 3);
	if (ZSTD_isError(len))
		return fail(err, "zstd", ZSTD_getErrorName(len));
	out->len += len;
	return true;
}

bool local_compress(
	struct local_coder **coder, enum local_codec codec, struct weir_slice plain, struct weir_buf *out, struct weir_err *err)
{
	if (codec == LOCAL_CODEC_LZ4)
		return compress_lz4(plain, out, err);
	return compress_zstd(made(coder), plain, out, err);
}

static bool damaged(struct weir_err *err, const char *library)
{
	return weir_err_set(err, WEIR_E_LOG_CORRUPT, "the batch of records is damaged (%s cannot decompress it)", library);
}

static bool decompress_lz4(struct local_coder *coder, struct weir_slice packed, struct weir_buf *out, struct weir_err *err)
{
	size_t left = 1;

	if (!coder->lz4 && LZ4F_isError(LZ4F_createDecompressionContext(&coder->lz4, LZ4F_VERSION)))
		return damaged(err, "LZ4");
	LZ4F_resetDecompressionContext(coder->lz4);
	while (left != 0) {
		if (!weir_buf_reserve(out, STEP_BYTES))
			return damaged(err, "LZ4");
		size_t made_bytes = out->capacity - out->len - 1, used = packed.len;
		left = LZ4F_decompress(coder->lz4, out->data + out->len, &made_bytes, packed.ptr, &used, NULL);
		if (LZ4F_isError(left) || (made_bytes == 0 && used == 0 && left != 0))
			return damaged(err, "LZ4");
		out->len += made_bytes;
		packed = weir_slice_make(packed.ptr + used, packed.len - used);
	}
	return packed.len == 0 || damaged(err, "LZ4");
}

static bool decompress_zstd(struct local_coder *coder, struct weir_slice packed, struct weir_buf *out, struct weir_err *err)
{
	ZSTD_inBuffer in = { .src = packed.ptr, .size = packed.len };
	size_t left = 1;

	if (!coder->zstd_in)
		coder->zstd_in = ZSTD_createDCtx();
	if (!coder->zstd_in)
		return damaged(err, "zstd");
	ZSTD_DCtx_reset(coder->zstd_in, ZSTD_reset_session_only);
	while (left != 0) {
		size_t before = in.pos;
		if (!weir_buf_reserve(out, STEP_BYTES))
			return damaged(err, "zstd");
		ZSTD_outBuffer step = { .dst = out->data + out->len, .size = out->capacity - out->len - 1 };
		left = ZSTD_decompressStream(coder->zstd_in, &step, &in);
		if (ZSTD_isError(left) || (step.pos == 0 && in.pos == before && left != 0))
			return damaged(err, "zstd");
		out->len += step.pos;
	}
	return in.pos == in.size || damaged(err, "zstd");
}

bool local_decompress(
	struct local_coder **coder, enum local_codec codec, struct weir_slice packed, struct weir_buf *out, struct weir_err *err)
{
	if (codec == LOCAL_CODEC_LZ4)
		return decompress_lz4(made(coder), packed, out, err);
	if (codec == LOCAL_CODEC_ZSTD)
		return decompress_zstd(made(coder), packed, out, err);
	if (codec == LOCAL_CODEC_GZIP || codec == LOCAL_CODEC_SNAPPY)
		return weir_err_set(err, WEIR_E_NOT_SUPPORTED, "batches compressed with %s are not supported yet",
			codec == LOCAL_CODEC_GZIP ? "gzip" : "snappy");
	return weir_err_set(err, WEIR_E_LOG_CORRUPT, "the batch of records is damaged (unknown compression %d)", codec);
}
