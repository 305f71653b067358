/* What a TLS listener or client needs, as file names. PEM and PKCS#12 are told apart by content; a Java JKS store is refused by
 * name. */
#pragma once

#include "base/err.h"

enum weir_http_client_cert { WEIR_HTTP_CLIENT_CERT_NONE, WEIR_HTTP_CLIENT_CERT_REQUESTED, WEIR_HTTP_CLIENT_CERT_REQUIRED };

struct weir_http_tls_config {
	const char *cert_file;    /* PEM chain, or PKCS#12 with key and chain */
	const char *key_file;     /* PEM; NULL: in cert_file */
	const char *key_password; /* NULL: none */
	const char *ca_file;      /* whom client certificates must come from: PEM or PKCS#12; NULL: the system's */
	const char *ca_password;
	enum weir_http_client_cert client_cert;
	const char *min_protocol; /* "TLSv1.2" (default, NULL) or "TLSv1.3" */
	const char *ciphers;      /* OpenSSL list for TLS 1.2; NULL: OpenSSL's */
};
