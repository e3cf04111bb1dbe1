package dev.tombolo.kvstore.store;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/** TLS of a client whose certificate may be renewed at any time: it is asked for anew at each handshake. */
final class ClientTls extends X509ExtendedKeyManager {
    private static final String ALIAS = "client";

    private final Supplier<TlsMaterial> material;

    private ClientTls(Supplier<TlsMaterial> material) {
        this.material = material;
    }

    static SslContext context(Supplier<TlsMaterial> material) throws KvException {
        try {
            var builder = SslContextBuilder.forClient()
                    .keyManager(new ClientTls(material))
                    .trustManager(new ByteArrayInputStream(bytes(material.get().authorities())));
            return GrpcSslContexts.configure(builder, SslProvider.JDK).build();
        } catch (IOException | RuntimeException failure) {
            throw new KvException(KvException.Kind.TLS, "the certificates cannot be used: " + failure, failure);
        }
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(
                            new ByteArrayInputStream(bytes(material.get().certificate())))
                    .toArray(X509Certificate[]::new);
        } catch (GeneralSecurityException unreadable) {
            throw new IllegalStateException("the client certificate cannot be read", unreadable);
        }
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        String base64 = material.get()
                .privateKey()
                .replaceAll("-----(BEGIN|END) PRIVATE KEY-----", "")
                .replaceAll("\\s", "");
        var spec = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64));
        for (String algorithm : new String[] {"EC", "RSA", "Ed25519"}) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException anotherKind) {
                continue;
            } catch (GeneralSecurityException unavailable) {
                throw new IllegalStateException(unavailable);
            }
        }
        throw new IllegalStateException("the private key is neither EC, RSA nor Ed25519 in PKCS#8");
    }

    private static byte[] bytes(String pem) {
        return pem.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
        return ALIAS;
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return ALIAS;
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return new String[] {ALIAS};
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return new String[0];
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return null;
    }
}
