/* Texts as bytes and bytes as texts: hex, base64, UTF-8, ASCII (functions.md §2.4). */
#pragma once

#include "functions/scalar/string/text.h"

enum weir_encoding { WEIR_ENCODING_HEX, WEIR_ENCODING_UTF8, WEIR_ENCODING_ASCII, WEIR_ENCODING_BASE64, WEIR_ENCODING_COUNT };

/* Case-insensitive. false: no such encoding, err says so. */
bool weir_encoding_of(struct weir_slice name, enum weir_encoding *ret, struct weir_err *err);

/* Pairs of hexadecimal digits of either case. false: an odd number of them, or something else. */
bool weir_hex_parse(struct weir_arena *arena, struct weir_slice text, struct weir_slice *ret_bytes);
void weir_hex_print(struct weir_buf *out, struct weir_slice bytes, bool upper);
/* Characters beyond ASCII become '?'. */
struct weir_slice weir_ascii_encode(struct weir_arena *arena, struct weir_slice text);
/* Bytes beyond ASCII become U+FFFD. */
void weir_ascii_decode(struct weir_buf *out, struct weir_slice bytes);
/* Malformed sequences become one U+FFFD each, as Java's decoder counts them. */
void weir_utf8_clean(struct weir_buf *out, struct weir_slice bytes);
