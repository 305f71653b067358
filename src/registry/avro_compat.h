/* Can a reader with one Avro schema read what a writer with another has written? (Schema resolution of the Avro specification.) */
#pragma once

#include "base/vec.h"
#include "registry/avro_schema.h"

struct weir_avro_problem {
	const char *type;         /* "TYPE_MISMATCH", … as registries name them */
	struct weir_slice path;   /* JSON pointer into the reader's schema */
	struct weir_slice text;   /* one sentence */
	struct weir_slice detail; /* the name, symbols or type that it is about */
};

struct weir_avro_problems {
	struct weir_avro_problem *items;
	size_t count, capacity;
};

/* Appends what stands in the way; nothing when the reader can read the writer's data. Texts live in the arena; `reader_word` and
 * `writer_word` ("new", "old") name the two schemas in them. */
void weir_avro_find_problems(struct weir_arena *arena, const struct weir_avro_schema *reader, const struct weir_avro_schema *writer,
	const char *reader_word, const char *writer_word, struct weir_avro_problems *problems);
