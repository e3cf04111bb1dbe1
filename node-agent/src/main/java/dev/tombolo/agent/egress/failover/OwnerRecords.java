package dev.tombolo.agent.egress.failover;

import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.model.net.IpAddress;

/** Who holds an address, asked of etcd itself: what was read before may be over. */
public interface OwnerRecords {
    /** Whether etcd says, now, that this node holds the address. */
    boolean isMine(IpAddress address) throws KvException;

    /** Whether etcd says, now, that another node holds the address. */
    boolean isAnothers(IpAddress address) throws KvException;
}
