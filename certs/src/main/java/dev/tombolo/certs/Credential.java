package dev.tombolo.certs;

/** A certificate with its private key. */
public record Credential(String certificatePem, PrivateKeyPem privateKey) {
    public CertificateFacts facts() throws UnreadablePem {
        return CertificateFacts.read("certificate", certificatePem);
    }
}
