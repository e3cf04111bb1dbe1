package dev.tombolo.model.endpoint;

import dev.tombolo.model.identity.SecurityIdentity;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.Protocol;
import java.util.List;
import java.util.Optional;

/**
 * Who has an address: the mesh's IP-to-identity pair.
 *
 * @param hostAddress underlay address of the node behind which it lives; empty if it has none
 * @param pod namespace and name, both empty strings where the address is not a pod's
 */
public record MeshEndpoint(
        Prefix prefix,
        Optional<IpAddress> hostAddress,
        SecurityIdentity identity,
        int encryptionKey,
        Pod pod,
        List<NamedPort> namedPorts) {
    public MeshEndpoint {
        namedPorts = List.copyOf(namedPorts);
    }

    /** The pod that holds an address; empty strings where there is none. */
    public record Pod(String namespace, String name, String uid, String serviceAccount) {
        public static final Pod NONE = new Pod("", "", "", "");
    }

    /** A container port with a name. */
    public record NamedPort(String name, int port, Protocol protocol) {}
}
