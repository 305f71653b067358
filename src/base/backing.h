/* Committed keyed state as a log backend hands it to store/: what lies under a store's cache.
 * Thread: the store's. */
#pragma once

#include "base/err.h"

struct weir_store_backing {
	/* *ret_value points into the backing, valid until its next call; *ret_found false when absent. */
	bool (*get)(struct weir_store_backing *self, struct weir_slice key, struct weir_slice *ret_value, bool *ret_found,
		struct weir_err *err);
	/* Smallest key >= from (or > from when after); *ret_found false past the end. */
	bool (*seek)(struct weir_store_backing *self, struct weir_slice from, bool after, struct weir_slice *ret_key,
		struct weir_slice *ret_value, bool *ret_found, struct weir_err *err);
	void (*close)(struct weir_store_backing *self);
};
