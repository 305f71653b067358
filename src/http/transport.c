/* Bytes of a connection: straight over the socket, or through OpenSSL. */
#include "http/conn.h"

#include <assert.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static enum weir_http_io plain_result(ssize_t n, size_t *ret_done)
{
	if (n > 0) {
		*ret_done = (size_t)n;
		return WEIR_HTTP_IO_OK;
	}
	if (n == 0)
		return WEIR_HTTP_IO_EOF;
	return errno == EAGAIN || errno == EINTR ? WEIR_HTTP_IO_AGAIN : WEIR_HTTP_IO_ERROR;
}

static enum weir_http_io tls_result(struct weir_http_conn *conn, int n)
{
	int error = SSL_get_error(conn->ssl, n);

	conn->tls_wants_write = error == SSL_ERROR_WANT_WRITE;
	ERR_clear_error();
	switch (error) {
	case SSL_ERROR_NONE:
		return WEIR_HTTP_IO_OK;
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE:
		return WEIR_HTTP_IO_AGAIN;
	case SSL_ERROR_ZERO_RETURN:
		return WEIR_HTTP_IO_EOF;
	default:
		return WEIR_HTTP_IO_ERROR;
	}
}

enum weir_http_io weir_http_transport_read(struct weir_http_conn *conn, void *bytes, size_t len, size_t *ret_read)
{
	if (!conn->ssl)
		return plain_result(recv(conn->fd, bytes, len, 0), ret_read);
	ERR_clear_error();
	int n = SSL_read(conn->ssl, bytes, (int)len);
	if (n > 0)
		*ret_read = (size_t)n;
	return tls_result(conn, n);
}

enum weir_http_io weir_http_transport_write(struct weir_http_conn *conn, const void *bytes, size_t len, size_t *ret_written)
{
	if (!conn->ssl)
		return plain_result(send(conn->fd, bytes, len, MSG_NOSIGNAL), ret_written);
	ERR_clear_error();
	int n = SSL_write(conn->ssl, bytes, (int)len);
	if (n > 0)
		*ret_written = (size_t)n;
	return tls_result(conn, n);
}

enum weir_http_io weir_http_transport_handshake(struct weir_http_conn *conn)
{
	ERR_clear_error();
	return tls_result(conn, SSL_accept(conn->ssl));
}

static void read_subject(struct weir_http_conn *conn)
{
	X509 *cert = SSL_get1_peer_certificate(conn->ssl);

	if (cert && SSL_get_verify_result(conn->ssl) == X509_V_OK)
		X509_NAME_get_text_by_NID(X509_get_subject_name(cert), NID_commonName, conn->subject, sizeof conn->subject);
	X509_free(cert);
}

bool weir_http_transport_is_h2(struct weir_http_conn *conn)
{
	const unsigned char *protocol = NULL;
	unsigned len = 0;
	const char *name = SSL_get_servername(conn->ssl, TLSEXT_NAMETYPE_host_name);

	snprintf(conn->sni, sizeof conn->sni, "%s", name ? name : "");
	read_subject(conn);
	SSL_get0_alpn_selected(conn->ssl, &protocol, &len);
	return len == 2 && memcmp(protocol, "h2", 2) == 0;
}

void weir_http_transport_shutdown(struct weir_http_conn *conn)
{
	if (conn->ssl) {
		ERR_clear_error();
		SSL_shutdown(conn->ssl);
		ERR_clear_error();
	}
	shutdown(conn->fd, SHUT_WR);
}

void weir_http_transport_close(struct weir_http_conn *conn)
{
	assert(conn->fd >= 0);
	SSL_free(conn->ssl);
	conn->ssl = NULL;
	close(conn->fd);
	conn->fd = -1;
}
