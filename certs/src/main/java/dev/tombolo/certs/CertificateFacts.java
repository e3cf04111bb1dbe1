package dev.tombolo.certs;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What can be read off a certificate.
 *
 * @param commonName empty if the subject is more than a single common name
 * @param names DNS names and IP addresses it is good for
 */
public record CertificateFacts(
        String commonName, String issuer, Set<String> names, Instant notBefore, Instant notAfter, String serialNumber) {
    private static final Pattern SINGLE_COMMON_NAME = Pattern.compile("CN=([^,+=\\\\]+)");
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    public CertificateFacts {
        names = Set.copyOf(names);
    }

    /**
     * Reads a certificate.
     *
     * @param where what the text was read from, for the error
     */
    public static CertificateFacts read(String where, String pem) throws UnreadablePem {
        return of(where, Pem.certificate(where, pem));
    }

    static CertificateFacts of(String where, X509Certificate certificate) throws UnreadablePem {
        return new CertificateFacts(
                commonName(certificate.getSubjectX500Principal().getName()),
                commonName(certificate.getIssuerX500Principal().getName()),
                names(where, certificate),
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant(),
                certificate.getSerialNumber().toString(16));
    }

    private static String commonName(String subject) {
        var matcher = SINGLE_COMMON_NAME.matcher(subject);
        return matcher.matches() ? matcher.group(1) : "";
    }

    private static Set<String> names(String where, X509Certificate certificate) throws UnreadablePem {
        var names = new TreeSet<String>();
        try {
            var alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                alternatives.stream()
                        .filter(name -> (int) name.getFirst() == DNS_NAME || (int) name.getFirst() == IP_ADDRESS)
                        .forEach(name -> names.add((String) name.getLast()));
            }
        } catch (CertificateParsingException unreadable) {
            throw new UnreadablePem(where, "unreadable subject alternative names", "DNS names and IP addresses");
        }
        return names;
    }

    /** True if the certificate carries the public half of the key. */
    public static boolean isFor(String where, String certificatePem, PrivateKeyPem key) throws UnreadablePem {
        return key.opens(Pem.certificate(where, certificatePem).getPublicKey());
    }

    /** True if the certificate was signed by the authority's key. Says nothing of its validity in time. */
    public static boolean isSignedBy(String where, String certificatePem, String authorityPem) throws UnreadablePem {
        PublicKey authority =
                Pem.certificate(where + ": authority", authorityPem).getPublicKey();
        try {
            Pem.certificate(where, certificatePem).verify(authority);
            return true;
        } catch (GeneralSecurityException signedByAnother) {
            return false;
        }
    }
}
