package dev.tombolo.certs;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** Text of RFC 7468. */
final class Pem {
    static final String CERTIFICATE = "CERTIFICATE";
    static final String PRIVATE_KEY = "PRIVATE KEY";
    static final String REQUEST = "CERTIFICATE REQUEST";

    /** More than any certificate chain or request of ours; a peer's text is refused before it is parsed. */
    static final int LONGEST = 64 << 10;

    private static final int LINE = 64;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]*+)-----END \\1-----");

    private Pem() {}

    private record Block(String label, byte[] content) {}

    static String encode(String label, byte[] content) {
        var lines = Base64.getMimeEncoder(LINE, new byte[] {'\n'});
        return "-----BEGIN " + label + "-----\n" + lines.encodeToString(content) + "\n-----END " + label + "-----\n";
    }

    static X509Certificate certificate(String where, String pem) throws UnreadablePem {
        byte[] content = only(where, CERTIFICATE, pem);
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(content));
        } catch (GeneralSecurityException notOne) {
            throw new UnreadablePem(where, content.length + " bytes that are no X.509", "a certificate");
        }
    }

    static PrivateKey privateKey(String where, String pem) throws UnreadablePem {
        byte[] content = only(where, PRIVATE_KEY, pem);
        for (String algorithm : List.of("EC", "RSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(content));
            } catch (GeneralSecurityException anotherKind) {
                continue;
            }
        }
        throw new UnreadablePem(where, content.length + " bytes that are no PKCS#8", "an EC or RSA private key");
    }

    /** The content of the only block of this label; other blocks are not looked at, never printed. */
    static byte[] only(String where, String label, String pem) throws UnreadablePem {
        String expected = "one PEM block '-----BEGIN " + label + "-----'";
        if (pem.length() > LONGEST) {
            throw new UnreadablePem(where, pem.length() + " characters", expected + " of at most " + LONGEST);
        }
        var blocks = blocks(where, pem);
        var wanted = blocks.stream().filter(block -> block.label.equals(label)).toList();
        if (wanted.size() != 1) {
            throw new UnreadablePem(where, summary(pem, blocks), expected);
        }
        return wanted.getFirst().content;
    }

    private static List<Block> blocks(String where, String pem) throws UnreadablePem {
        var blocks = new ArrayList<Block>();
        var matcher = BLOCK.matcher(pem);
        while (matcher.find()) {
            try {
                blocks.add(new Block(matcher.group(1), Base64.getMimeDecoder().decode(matcher.group(2))));
            } catch (IllegalArgumentException notBase64) {
                throw new UnreadablePem(where, "a block '" + matcher.group(1) + "' that is no base64", "PEM");
            }
        }
        return blocks;
    }

    private static String summary(String pem, List<Block> blocks) {
        if (blocks.isEmpty()) {
            return pem.isBlank() ? "nothing" : pem.length() + " characters without a PEM block";
        }
        return "PEM blocks " + blocks.stream().map(Block::label).toList();
    }
}
