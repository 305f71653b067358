/* Headers of a record, as Kafka has them: ordered, names may repeat. */
#pragma once

#include "base/slice.h"

struct weir_header {
	struct weir_slice name;
	struct weir_slice value;
	bool value_is_null;
};

struct weir_headers {
	const struct weir_header *items;
	size_t count;
};
