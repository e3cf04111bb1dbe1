package dev.tombolo.certs;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.Invalid.Reason;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/**
 * Reads a request for one allowed name. etcd takes the user from the common name, so a request for another name, for
 * instance {@code root}, must never be signed.
 */
final class PeerRequestCheck {
    private final String where;
    private final String allowedName;

    PeerRequestCheck(String where, String allowedName) {
        this.where = where;
        this.allowedName = allowedName;
    }

    /** Why a request is not signed; ends in one place as a refusal. */
    static final class RefusedRequest extends Exception {
        private static final long serialVersionUID = 1;

        private final transient Invalid why;

        RefusedRequest(Invalid why) {
            super(why.toString(), null, false, false);
            this.why = why;
        }

        Invalid why() {
            return why;
        }
    }

    /** The key to certify: its owner has proved to hold it by signing the request. */
    PublicKey check(String pem) throws RefusedRequest {
        try {
            var request = new JcaPKCS10CertificationRequest(Pem.only(where, Pem.REQUEST, pem));
            requireName(request.getSubject());
            PublicKey key = publicKey(request);
            requireSignature(request, key);
            return key;
        } catch (UnreadablePem unreadable) {
            throw new RefusedRequest(unreadable.why());
        } catch (IOException | RuntimeException notOne) {
            // Bouncy Castle parses lazily, and throws unchecked exceptions on crafted input wherever it gets to it.
            throw refuse(Reason.MALFORMED, "bytes that are no PKCS#10", "a certificate request");
        }
    }

    private void requireName(X500Name subject) throws RefusedRequest {
        RDN[] parts = subject.getRDNs();
        if (!isAllowed(parts)) {
            throw refuse(Reason.WRONG_CLUSTER, "subject " + subject, "subject CN=" + allowedName);
        }
    }

    private boolean isAllowed(RDN[] parts) {
        return parts.length == 1
                && !parts[0].isMultiValued()
                && parts[0].getFirst().getType().equals(BCStyle.CN)
                && parts[0].getFirst().getValue() instanceof ASN1String text
                && text.getString().equals(allowedName);
    }

    private PublicKey publicKey(JcaPKCS10CertificationRequest request) throws RefusedRequest {
        PublicKey key;
        try {
            key = request.getPublicKey();
        } catch (GeneralSecurityException unknown) {
            throw refuse(Reason.MALFORMED, "a public key that cannot be read", KeyForms.ACCEPTED);
        }
        if (!KeyForms.isAccepted(key)) {
            throw refuse(Reason.MALFORMED, "a key of kind " + key.getAlgorithm(), KeyForms.ACCEPTED);
        }
        return key;
    }

    private void requireSignature(JcaPKCS10CertificationRequest request, PublicKey key) throws RefusedRequest {
        boolean isSigned;
        try {
            isSigned = request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key));
        } catch (OperatorCreationException | PKCSException unusable) {
            isSigned = false;
        }
        if (!isSigned) {
            throw refuse(Reason.MALFORMED, "a signature that does not match", "a request signed by its own key");
        }
    }

    private RefusedRequest refuse(Reason reason, String read, String expected) {
        return new RefusedRequest(new Invalid(where, reason, read, expected));
    }
}
