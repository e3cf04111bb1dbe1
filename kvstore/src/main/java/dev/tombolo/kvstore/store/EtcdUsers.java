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

    /** What may be done with a key. */
    public enum Access {
        READ(Permission.Type.READ),
        READ_AND_WRITE(Permission.Type.READWRITE);

        private final Permission.Type type;

        Access(Permission.Type type) {
            this.type = type;
        }
    }

    /** A key, or every key that begins with it. */
    public record Grant(String key, boolean isPrefix, Access access) {
        /** A read-only one. */
        public Grant(String key, boolean isPrefix) {
            this(key, isPrefix, Access.READ);
        }
    }

    public Set<String> users() throws KvException {
        return new HashSet<>(store.call("list users", () -> auth.userList()).getUsers());
    }

    /** Makes a role with exactly these grants; one that exists is completed. */
    public void ensureRole(String role, List<Grant> grants) throws KvException {
        if (!roles().contains(role)) {
            addRole(role);
        }
        for (Grant grant : grants) {
            ByteSequence key = EtcdStore.bytes(grant.key());
            // An empty range end means this key alone.
            ByteSequence end = grant.isPrefix() ? EtcdStore.prefixEnd(grant.key()) : ByteSequence.EMPTY;
            store.call(
                    "grant " + grant.key() + " to " + role,
                    () -> auth.roleGrantPermission(EtcdStore.bytes(role), key, end, grant.access().type));
        }
    }

    /** Makes a user with these roles; one that exists gets those it lacks. */
    public void ensureUser(String user, List<String> roles) throws KvException {
        if (!users().contains(user)) {
            addUser(user);
        }
        var held = new HashSet<>(store.call("read user " + user, () -> auth.userGet(EtcdStore.bytes(user)))
                .getRoles());
        for (String role : roles) {
            if (held.add(role)) {
                grantRole(user, role);
            }
        }
    }

    /** Fails if there is one already: it may have a password that somebody knows. */
    public void addUser(String user, String role) throws KvException {
        addUser(user);
        grantRole(user, role);
    }

    private void addUser(String user) throws KvException {
        store.call("add user " + user, () -> auth.userAdd(EtcdStore.bytes(user), password()));
    }

    private void grantRole(String user, String role) throws KvException {
        store.call(
                "grant role " + role + " to " + user,
                () -> auth.userGrantRole(EtcdStore.bytes(user), EtcdStore.bytes(role)));
    }

    /** Fails if there is one already. */
    public void addRole(String role) throws KvException {
        store.call("add role " + role, () -> auth.roleAdd(EtcdStore.bytes(role)));
    }

    public Set<String> roles() throws KvException {
        return new HashSet<>(store.call("list roles", () -> auth.roleList()).getRoles());
    }

    /** Ends what the user may do; a watch that it has open goes on. */
    public void removeUser(String user) throws KvException {
        if (users().contains(user)) {
            store.call("remove user " + user, () -> auth.userDelete(EtcdStore.bytes(user)));
        }
    }

    public void removeRole(String role) throws KvException {
        if (roles().contains(role)) {
            store.call("remove role " + role, () -> auth.roleDelete(EtcdStore.bytes(role)));
        }
    }

    /** From now on every client must be a user; needs the user {@code root} with the role {@code root}. */
    public void enable() throws KvException {
        store.call("enable authentication", () -> auth.authEnable());
    }

    /** From now on everybody whose certificate is accepted may do everything. */
    public void disable() throws KvException {
        store.call("disable authentication", () -> auth.authDisable());
    }

    private static ByteSequence password() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return ByteSequence.from(HexFormat.of().formatHex(bytes), StandardCharsets.US_ASCII);
    }
}
