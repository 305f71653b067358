/* MASK and its relatives: replacing characters by one per class. */
#pragma once

#include "functions/scalar/string/text.h"

/* What stands for upper case letters, lower case letters, digits and everything else; SIZE_MAX in no_mask: left as it is. */
struct weir_masks {
	char text[4][4]; /* UTF-8 */
	size_t len[4];   /* 0: the class is not masked */
};

/* The masks of arguments first … first + 3, or the default ones when the call has no such arguments. */
bool weir_masks_of(const struct weir_call *call, size_t first, struct weir_masks *ret_masks, struct weir_err *err);
/* Masks the UTF-16 units [from, to) of the text. */
enum weir_result weir_mask_units(struct weir_call *call, const struct weir_masks *masks, struct weir_slice text, size_t from,
	size_t to, union weir_cell *ret, struct weir_err *err);
/* The number of units in argument 1, at most the length of argument 0. FAILED: it is negative. NULL: argument 0 is. */
enum weir_result weir_mask_count(const struct weir_call *call, size_t *ret_length, size_t *ret_count, struct weir_err *err);

#define WEIR_MASK_PARAMS PARAM(STRING, "upper"), PARAM(STRING, "lower"), PARAM(STRING, "digit"), PARAM(STRING, "other")
