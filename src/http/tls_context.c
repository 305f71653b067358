/* OpenSSL contexts from files: PEM or PKCS#12, ALPN for h2 and http/1.1, client certificates. */
#include "http/conn.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <string.h>

static bool tls_failure(struct weir_err *err, const char *what, const char *file)
{
	char reason[256] = "";
	unsigned long code = ERR_peek_last_error();

	if (code)
		ERR_error_string_n(code, reason, sizeof reason);
	ERR_clear_error();
	return weir_err_set(
		err, WEIR_E_IO, "TLS: %s%s%s%s%s", what, file ? " " : "", file ? file : "", reason[0] ? ": " : "", reason);
}

enum store_kind { STORE_PEM, STORE_PKCS12 };

static bool sniff(const char *file, enum store_kind *ret_kind, struct weir_err *err)
{
	unsigned char head[4] = { 0 };
	FILE *stream = fopen(file, "rb");

	if (!stream)
		return weir_err_set_errno(err, WEIR_E_IO, errno, "TLS: cannot read %s", file);
	size_t got = fread(head, 1, sizeof head, stream);
	fclose(stream);
	if (got == 4 && memcmp(head, "\xFE\xED\xFE\xED", 4) == 0) {
		weir_err_set(err, WEIR_E_NOT_SUPPORTED, "TLS: %s is a Java JKS key store, which is not supported", file);
		return weir_err_advise(err,
			"Convert it: keytool -importkeystore -srckeystore %s -destkeystore store.p12 -deststoretype PKCS12", file);
	}
	*ret_kind = head[0] == 0x30 ? STORE_PKCS12 : STORE_PEM;
	return true;
}

struct bundle {
	EVP_PKEY *key;
	X509 *cert;
	STACK_OF(X509) * chain;
};

static void bundle_fini(struct bundle *bundle)
{
	EVP_PKEY_free(bundle->key);
	X509_free(bundle->cert);
	sk_X509_pop_free(bundle->chain, X509_free);
}

static bool read_pkcs12(const char *file, const char *password, struct bundle *ret_bundle, struct weir_err *err)
{
	FILE *stream = fopen(file, "rb");

	if (!stream)
		return weir_err_set_errno(err, WEIR_E_IO, errno, "TLS: cannot read %s", file);
	PKCS12 *store = d2i_PKCS12_fp(stream, NULL);
	fclose(stream);
	bool parsed =
		store && PKCS12_parse(store, password ? password : "", &ret_bundle->key, &ret_bundle->cert, &ret_bundle->chain);
	PKCS12_free(store);
	return parsed || tls_failure(err, "cannot open the PKCS#12 store (wrong password?)", file);
}

static int give_password(char *buf, int size, int rwflag, void *password)
{
	int len = password ? snprintf(buf, (size_t)size, "%s", (const char *)password) : 0;

	return len < size ? len : 0;
}

static bool use_pkcs12(SSL_CTX *context, const struct weir_http_tls_config *config, struct weir_err *err)
{
	struct bundle bundle = { 0 };
	bool ok = read_pkcs12(config->cert_file, config->key_password, &bundle, err);

	if (ok && SSL_CTX_use_cert_and_key(context, bundle.cert, bundle.key, bundle.chain, 1) != 1)
		ok = tls_failure(err, "no usable key and certificate in", config->cert_file);
	bundle_fini(&bundle);
	return ok;
}

static bool use_pem(SSL_CTX *context, const struct weir_http_tls_config *config, struct weir_err *err)
{
	const char *key_file = config->key_file ? config->key_file : config->cert_file;

	SSL_CTX_set_default_passwd_cb(context, give_password);
	SSL_CTX_set_default_passwd_cb_userdata(context, (void *)config->key_password);
	if (SSL_CTX_use_certificate_chain_file(context, config->cert_file) != 1)
		return tls_failure(err, "no usable certificate in", config->cert_file);
	if (SSL_CTX_use_PrivateKey_file(context, key_file, SSL_FILETYPE_PEM) != 1)
		return tls_failure(err, "no usable private key in", key_file);
	if (SSL_CTX_check_private_key(context) != 1)
		return tls_failure(err, "the private key does not belong to the certificate in", config->cert_file);
	SSL_CTX_set_default_passwd_cb_userdata(context, NULL);
	return true;
}

static bool use_certificate(SSL_CTX *context, const struct weir_http_tls_config *config, struct weir_err *err)
{
	enum store_kind kind;

	if (!config->cert_file)
		return weir_err_set(err, WEIR_E_USAGE, "TLS: a listener needs a certificate");
	if (!sniff(config->cert_file, &kind, err))
		return false;
	return kind == STORE_PKCS12 ? use_pkcs12(context, config, err) : use_pem(context, config, err);
}

static bool trust_pkcs12(SSL_CTX *context, const struct weir_http_tls_config *config, struct weir_err *err)
{
	struct bundle bundle = { 0 };
	X509_STORE *store = SSL_CTX_get_cert_store(context);

	if (!read_pkcs12(config->ca_file, config->ca_password, &bundle, err))
		return false;
	for (int i = 0; i < sk_X509_num(bundle.chain); i++)
		X509_STORE_add_cert(store, sk_X509_value(bundle.chain, i));
	if (bundle.cert)
		X509_STORE_add_cert(store, bundle.cert);
	bundle_fini(&bundle);
	return true;
}

static bool trust(SSL_CTX *context, const struct weir_http_tls_config *config, struct weir_err *err)
{
	enum store_kind kind;

	if (!config->ca_file)
		return SSL_CTX_set_default_verify_paths(context) == 1 || tls_failure(err, "the system has no certificates", NULL);
	if (!sniff(config->ca_file, &kind, err))
		return false;
	if (kind == STORE_PKCS12)
		return trust_pkcs12(context, config, err);
	if (SSL_CTX_load_verify_locations(context, config->ca_file, NULL) != 1)
		return tls_failure(err, "no usable certificates in", config->ca_file);
	STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(config->ca_file);
	if (names)
		SSL_CTX_set_client_CA_list(context, names);
	return true;
}

static bool ask_client_cert(SSL_CTX *context, const struct weir_http_tls_config *config, struct weir_err *err)
{
	if (config->client_cert == WEIR_HTTP_CLIENT_CERT_NONE)
		return true;
	int mode = SSL_VERIFY_PEER;
	if (config->client_cert == WEIR_HTTP_CLIENT_CERT_REQUIRED)
		mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
	SSL_CTX_set_verify(context, mode, NULL);
	return trust(context, config, err);
}

static int choose_protocol(SSL *ssl, const unsigned char **ret_name, unsigned char *ret_len, const unsigned char *offered,
	unsigned offered_len, void *arg)
{
	static const unsigned char ours[] = "\x02h2\x08http/1.1";

	if (SSL_select_next_proto((unsigned char **)ret_name, ret_len, ours, sizeof ours - 1, offered, offered_len) ==
		OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_OK;
	return SSL_TLSEXT_ERR_NOACK;
}

static bool set_protocols(SSL_CTX *context, const struct weir_http_tls_config *config, struct weir_err *err)
{
	const char *least = config->min_protocol ? config->min_protocol : "TLSv1.2";

	if (strcmp(least, "TLSv1.2") != 0 && strcmp(least, "TLSv1.3") != 0)
		return weir_err_set(err, WEIR_E_USAGE, "TLS: the protocol must be TLSv1.2 or TLSv1.3, not %s", least);
	SSL_CTX_set_min_proto_version(context, strcmp(least, "TLSv1.3") == 0 ? TLS1_3_VERSION : TLS1_2_VERSION);
	if (config->ciphers && SSL_CTX_set_cipher_list(context, config->ciphers) != 1)
		return tls_failure(err, "none of the ciphers is known:", config->ciphers);
	SSL_CTX_set_alpn_select_cb(context, choose_protocol, NULL);
	SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
	SSL_CTX_set_session_id_context(context, (const unsigned char *)"weir", 4);
	return true;
}

SSL_CTX *weir_http_tls_context_new(const struct weir_http_tls_config *config, struct weir_err *err)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());

	if (!context) {
		tls_failure(err, "OpenSSL refuses to start", NULL);
		return NULL;
	}
	if (set_protocols(context, config, err) && use_certificate(context, config, err) && ask_client_cert(context, config, err))
		return context;
	SSL_CTX_free(context);
	return NULL;
}

void weir_http_tls_context_free(SSL_CTX *context)
{
	SSL_CTX_free(context);
}
