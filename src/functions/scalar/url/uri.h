/* URIs as java.net.URI reads them: RFC 2396 with raw non-ASCII characters, registry-based authorities and empty ones before a path
 * (functions.md §2.10). */
#pragma once

#include "functions/define.h"

/* A part of the URI as it stands there. */
struct weir_uri_part {
	struct weir_slice text;
	bool is_present;
};

struct weir_uri {
	struct weir_uri_part scheme, host, path, query, fragment; /* opaque URIs have no path; host: with the brackets of IPv6 */
	int port;                                                 /* -1: none */
};

/* Parts point into the text. Errors: EVALUATE. */
bool weir_uri_parse(struct weir_slice text, struct weir_uri *ret, struct weir_err *err);
/* Percent-decoded; what is no UTF-8 then becomes U+FFFD. Lives in the arena or is the text itself. With `plus`: + is a blank. */
struct weir_slice weir_uri_decode(struct weir_arena *arena, struct weir_slice text, bool plus);

/* Parses argument 0 and gives a part of it, decoded: the whole of most functions. */
enum weir_result weir_uri_part(struct weir_call *call, struct weir_uri_part (*part_of)(const struct weir_uri *),
	union weir_cell *ret, struct weir_err *err);
