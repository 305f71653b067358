/* PRINT guesses what the bytes of a topic are, and shows them as that. One struct weir_print_side for the keys, one for the values.
 */
#pragma once

#include "catalog/catalog.h"
#include "formats/format.h"
#include "registry/registry.h"

/* In the order of preference: the first that fits every record so far is how records are shown. */
enum weir_print_format {
	WEIR_PRINT_AVRO,
	WEIR_PRINT_PROTOBUF,
	WEIR_PRINT_JSON,
	WEIR_PRINT_JSON_SR,
	WEIR_PRINT_INT,
	WEIR_PRINT_BIGINT,
	WEIR_PRINT_DOUBLE,
	WEIR_PRINT_STRING,
	WEIR_PRINT_FORMAT_COUNT
};

struct weir_print_side {
	struct weir_registry *registry;     /* borrowed; NULL: none */
	struct weir_schema_source *schemas; /* borrowed */
	enum weir_window_type window;       /* of keys: bytes end with the window's bounds */
	unsigned candidates;                /* bits of enum weir_print_format */
	bool has_data;                      /* a record that is not null was seen */
	int32_t schema_id;                  /* of the reader at hand; 0 none */
	struct weir_reader *reader;
	struct weir_format_spec spec;
	struct weir_arena arena; /* of the reader's columns */
};

void weir_print_side_init(struct weir_print_side *side, struct weir_registry *registry, struct weir_schema_source *schemas,
	enum weir_window_type window);
void weir_print_side_fini(struct weir_print_side *side);
/* Narrows the guess. true: it changed (the banner is due again). `arena` is scratch. */
bool weir_print_side_look(struct weir_print_side *side, struct weir_slice bytes, bool is_null, struct weir_arena *arena);
/* "JSON or KAFKA_STRING"; what to say when nothing was seen or nothing fits. */
void weir_print_side_name(const struct weir_print_side *side, struct weir_buf *out);
/* The record's side as text. Bytes that fit nothing are shown in hexadecimal. */
void weir_print_side_show(
	struct weir_print_side *side, struct weir_slice bytes, bool is_null, struct weir_arena *arena, struct weir_buf *out);
