package dev.tombolo.kvstore.auth;

import dev.tombolo.kvstore.protocol.EgressKeys;
import dev.tombolo.kvstore.protocol.EgressMessageKeys;
import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.store.EtcdUsers;
import dev.tombolo.kvstore.store.EtcdUsers.Grant;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.model.cluster.ClusterName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who may do what in a cluster's etcd. A user's name is the common name of its certificate. A peer reads what this cluster
 * says of itself, not what it knows of others, and writes nothing. The cluster's own agents write only what they have to
 * agree on among themselves: who holds which egress address, and which gateways answer.
 */
public final class MeshUsers {
    private static final String ROOT = "root";
    private static final String LOCAL = "local";
    private static final String REMOTE = "remote";
    private static final String PEER_USER = "remote-";
    private static final String PEER_ROLE = "peer-";

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
        users.ensureUser(admin(), List.of(ROOT));
        users.ensureRole(LOCAL, localGrants());
        users.ensureUser("local-" + self, List.of(LOCAL));
        users.ensureRole(REMOTE, remoteGrants());
    }

    /** Lets nobody in without a certificate of a user; comes after {@link #prepare()}. */
    public void enforce() throws KvException {
        users.enable();
    }

    /** Whether everybody needs a certificate of a user: false of an etcd that lost its data, and lets anybody write. */
    public boolean areEnforced() throws KvException {
        // The role is the last that is made: without it a process died while it made the others.
        if (!users.users().contains(admin()) || !users.roles().contains(REMOTE)) {
            return false;
        }
        users.enable();
        return true;
    }

    /**
     * Makes users, roles and authentication of an etcd that served without: what others made meanwhile, while nothing
     * stopped them, is taken away again.
     */
    public void makeAnew() throws KvException {
        // Root cannot be removed while authentication is on, as it is where this was begun before.
        users.disable();
        for (String user : users.users()) {
            users.removeUser(user);
        }
        for (String role : users.roles()) {
            users.removeRole(role);
        }
        users.addRole(ROOT);
        users.addUser(ROOT, ROOT);
        users.addUser(admin(), ROOT);
        users.enable();
        for (String user : users.users()) {
            if (!user.equals(ROOT) && !user.equals(admin())) {
                users.removeUser(user);
            }
        }
        for (String role : users.roles()) {
            if (!role.equals(ROOT)) {
                users.removeRole(role);
            }
        }
        prepare();
    }

    /** The peers that have a user or a role: who is let in, and who was while this process was interrupted. */
    public Set<ClusterName> peers() throws KvException {
        var peers = new TreeSet<ClusterName>();
        users.users().forEach(user -> named(user, PEER_USER).ifPresent(peers::add));
        users.roles().forEach(role -> named(role, PEER_ROLE).ifPresent(peers::add));
        return peers;
    }

    private static Optional<ClusterName> named(String name, String prefix) {
        return name.startsWith(prefix) ? ClusterName.tryParse(name.substring(prefix.length())) : Optional.empty();
    }

    /** Makes the role first: a peer that has no role has nothing that would have to be taken away. */
    public void admit(ClusterName peer) throws KvException {
        String role = PEER_ROLE + peer;
        users.ensureRole(
                role,
                List.of(
                        new Grant(MeshKeys.issuedCertificate(peer), false),
                        new Grant(EgressMessageKeys.to(self, peer), true)));
        users.ensureUser(PEER_USER + peer, List.of(REMOTE, role));
    }

    /** From now on the peer's certificate opens nothing new; watches that are open go on. */
    public void revoke(ClusterName peer) throws KvException {
        users.removeUser(PEER_USER + peer);
    }

    /** Takes away the last that is left of a revoked peer, once nothing else is left to be done about it. */
    public void forget(ClusterName peer) throws KvException {
        users.removeRole(PEER_ROLE + peer);
    }

    private String admin() {
        return "admin-" + self;
    }

    private static List<Grant> localGrants() {
        return List.of(
                new Grant(MeshKeys.HEARTBEAT, true),
                new Grant("cilium/cache/", true),
                new Grant("cilium/state/", true),
                new Grant(MeshKeys.CLUSTER_CONFIG, true),
                new Grant(MeshKeys.SYNCED, true),
                new Grant(MeshKeys.PEER_STATE, true),
                new Grant(EgressMessageKeys.CACHE, true),
                new Grant(EgressKeys.ALL, true, EtcdUsers.Access.READ_AND_WRITE));
    }

    private List<Grant> remoteGrants() {
        return List.of(
                new Grant(MeshKeys.HEARTBEAT, true),
                new Grant("cilium/state/", true),
                new Grant(MeshKeys.clusterConfig(self), false),
                new Grant(MeshKeys.SYNCED + self + "/", true));
    }
}
