package dev.tombolo.certs;

import dev.tombolo.model.cluster.ClusterName;
import java.io.IOException;
import java.security.KeyPair;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** What a cluster asks of each peer's authority: to sign its one client key. The key never leaves the cluster. */
public record CertificateRequest(String pem, PrivateKeyPem privateKey) {
    /** Makes a key and asks for {@code CN=remote-<self>}. */
    public static CertificateRequest create(ClusterName self) {
        return create(CommonNames.remote(self));
    }

    static CertificateRequest create(String commonName) {
        KeyPair keys = KeyForms.generate();
        try {
            var signer = new JcaContentSignerBuilder(KeyForms.signatureOf("EC")).build(keys.getPrivate());
            var request = new JcaPKCS10CertificationRequestBuilder(
                            new X500Principal("CN=" + commonName), keys.getPublic())
                    .build(signer);
            return new CertificateRequest(
                    Pem.encode(Pem.REQUEST, request.getEncoded()), PrivateKeyPem.of(keys.getPrivate()));
        } catch (OperatorCreationException | IOException everyJdkCan) {
            throw new IllegalStateException(everyJdkCan);
        }
    }
}
