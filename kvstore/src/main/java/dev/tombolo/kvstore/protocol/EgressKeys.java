package dev.tombolo.kvstore.protocol;

import dev.tombolo.model.net.IpAddress;

/** The keys by which the agents of one cluster agree on who holds an egress address. No peer reads or writes them. */
public final class EgressKeys {
    /** The prefix of all of them, with a trailing slash. */
    public static final String ALL = "tombolo/egress/v1/";

    public static final String VOTES = ALL + "votes/";
    public static final String OWNERS = ALL + "owners/";

    private EgressKeys() {}

    /** What every node has to say of a gateway, with a trailing slash. */
    public static String votesOn(String gateway) {
        return VOTES + gateway + "/";
    }

    public static String vote(String gateway, String prober) {
        return votesOn(gateway) + prober;
    }

    public static String owner(IpAddress address) {
        return OWNERS + address;
    }
}
