package dev.tombolo.kvstore.auth;

import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.store.EtcdUsers;
import dev.tombolo.kvstore.store.EtcdUsers.Grant;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.model.cluster.ClusterName;
import java.util.List;

/**
 * Who may do what in a cluster's etcd. A user's name is the common name of its certificate. A peer reads what this cluster
 * says of itself, not what it knows of others, and writes nothing.
 */
public final class MeshUsers {
    private static final String ROOT = "root";
    private static final String LOCAL = "local";
    private static final String REMOTE = "remote";

    private final EtcdUsers users;
    private final ClusterName self;

    public MeshUsers(EtcdUsers users, ClusterName self) {
        this.users = users;
        this.self = self;
    }

    /** Makes the users and roles of the own cluster; to be called before the store is served to anybody. */
    public void prepare() throws KvException {
        users.ensureRole(ROOT, List.of());
        users.ensureUser(ROOT, List.of(ROOT));
        users.ensureUser("admin-" + self, List.of(ROOT));
        users.ensureRole(LOCAL, localGrants());
        users.ensureUser("local-" + self, List.of(LOCAL));
        users.ensureRole(REMOTE, remoteGrants());
    }

    /** Lets nobody in without a certificate of a user; comes after {@link #prepare()}. */
    public void enforce() throws KvException {
        users.enable();
    }

    public void admit(ClusterName peer) throws KvException {
        String role = "peer-" + peer;
        users.ensureRole(role, List.of(new Grant(MeshKeys.issuedCertificate(peer), false)));
        users.ensureUser("remote-" + peer, List.of(REMOTE, role));
    }

    public void revoke(ClusterName peer) throws KvException {
        users.removeUser("remote-" + peer);
    }

    private static List<Grant> localGrants() {
        return List.of(
                new Grant(MeshKeys.HEARTBEAT, true),
                new Grant("cilium/cache/", true),
                new Grant("cilium/state/", true),
                new Grant(MeshKeys.CLUSTER_CONFIG, true),
                new Grant(MeshKeys.SYNCED, true),
                new Grant(MeshKeys.PEER_STATE, true));
    }

    private List<Grant> remoteGrants() {
        return List.of(
                new Grant(MeshKeys.HEARTBEAT, true),
                new Grant("cilium/state/", true),
                new Grant(MeshKeys.clusterConfig(self), false),
                new Grant(MeshKeys.SYNCED + self + "/", true));
    }
}
