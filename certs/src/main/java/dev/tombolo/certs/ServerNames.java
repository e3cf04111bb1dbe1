package dev.tombolo.certs;

import dev.tombolo.model.net.IpAddress;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/** What the mesh's etcd is called: by peers, in the cluster, and by itself. */
final class ServerNames {
    private static final List<String> WELL_KNOWN = List.of(
            CommonNames.SERVER,
            "clustermesh-apiserver.cilium.io",
            // Cilium peers dial <cluster>.mesh.cilium.io.
            "*.mesh.cilium.io",
            "localhost",
            "127.0.0.1",
            "::1");

    private ServerNames() {}

    static Set<String> with(Collection<String> extra) {
        var names = new LinkedHashSet<>(WELL_KNOWN);
        names.addAll(extra);
        return names;
    }

    static GeneralNames encode(Set<String> names) {
        return new GeneralNames(names.stream()
                .map(name -> new GeneralName(isAddress(name) ? GeneralName.iPAddress : GeneralName.dNSName, name))
                .toArray(GeneralName[]::new));
    }

    private static boolean isAddress(String name) {
        return IpAddress.tryParse(name).isPresent();
    }
}
