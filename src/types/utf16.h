/* Lengths and positions as Java counts them, in UTF-16 code units, over UTF-8 text: a character beyond the BMP counts two. */
#pragma once

#include "base/slice.h"

size_t weir_utf16_length(struct weir_slice text);
/* Byte offset of code unit `units`; the end when there are fewer. *ret_split: the position is inside a surrogate pair. */
size_t weir_utf16_offset(struct weir_slice text, size_t units, bool *ret_split);
/* Bytes of the character at text.ptr (1 to 4; 1 for bytes that are not UTF-8). */
size_t weir_utf8_length(struct weir_slice text);
/* Decodes it; U+FFFD for bytes that are not UTF-8. */
uint32_t weir_utf8_decode(struct weir_slice text, size_t *ret_len);
bool weir_utf8_is_valid(struct weir_slice text);
size_t weir_utf8_encode(uint32_t code_point, char out[4]);
