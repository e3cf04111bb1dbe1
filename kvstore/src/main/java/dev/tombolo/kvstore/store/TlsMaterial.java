package dev.tombolo.kvstore.store;

/**
 * What a client needs for mutual TLS, as PEM.
 *
 * @param authorities the only ones that the server's certificate is accepted from
 * @param privateKey PKCS#8; never printed
 */
public record TlsMaterial(String authorities, String certificate, String privateKey) {
    @Override
    public String toString() {
        return "TlsMaterial[private key hidden]";
    }
}
