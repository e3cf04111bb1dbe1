package dev.tombolo.kvstore.store;

import io.etcd.jetcd.Auth;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.auth.Permission;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Users and roles of one etcd. etcd takes the user from the certificate's common name; the password each user must have
 * is random and never kept.
 */
public final class EtcdUsers {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final EtcdStore store;
    private final Auth auth;

    public EtcdUsers(EtcdStore store) {
        this.store = store;
        this.auth = store.client().getAuthClient();
    }

    /** A key, or every key that begins with it; read-only. */
    public record Grant(String key, boolean isPrefix) {}

    public Set<String> users() throws KvException {
        return new HashSet<>(store.administer("list users", auth.userList()).getUsers());
    }

    /** Makes a role with exactly these grants; one that exists is completed. */
    public void ensureRole(String role, List<Grant> grants) throws KvException {
        if (!store.administer("list roles", auth.roleList()).getRoles().contains(role)) {
            store.administer("add role " + role, auth.roleAdd(EtcdStore.bytes(role)));
        }
        for (Grant grant : grants) {
            ByteSequence key = EtcdStore.bytes(grant.key());
            // An empty range end means this key alone.
            ByteSequence end = grant.isPrefix() ? EtcdStore.prefixEnd(grant.key()) : ByteSequence.EMPTY;
            store.administer(
                    "grant " + grant.key() + " to " + role,
                    auth.roleGrantPermission(EtcdStore.bytes(role), key, end, Permission.Type.READ));
        }
    }

    /** Makes a user with these roles; one that exists gets those it lacks. */
    public void ensureUser(String user, List<String> roles) throws KvException {
        if (!users().contains(user)) {
            store.administer("add user " + user, auth.userAdd(EtcdStore.bytes(user), password()));
        }
        var held = new HashSet<>(store.administer("read user " + user, auth.userGet(EtcdStore.bytes(user)))
                .getRoles());
        for (String role : roles) {
            if (held.add(role)) {
                store.administer(
                        "grant role " + role + " to " + user,
                        auth.userGrantRole(EtcdStore.bytes(user), EtcdStore.bytes(role)));
            }
        }
    }

    public void removeUser(String user) throws KvException {
        if (users().contains(user)) {
            store.administer("remove user " + user, auth.userDelete(EtcdStore.bytes(user)));
        }
    }

    /** From now on every client must be a user; needs the user {@code root} with the role {@code root}. */
    public void enable() throws KvException {
        store.administer("enable authentication", auth.authEnable());
    }

    private static ByteSequence password() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return ByteSequence.from(HexFormat.of().formatHex(bytes), StandardCharsets.US_ASCII);
    }
}
