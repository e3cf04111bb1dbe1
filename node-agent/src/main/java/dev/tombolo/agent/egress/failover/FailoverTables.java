package dev.tombolo.agent.egress.failover;

import dev.tombolo.egress.plan.GatewayHealth;
import dev.tombolo.model.egress.AddressOwner;
import dev.tombolo.model.egress.GatewayVote;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.reconciler.table.Table;

/** Which gateways answer, as this node sees it and as the cluster does, and who holds the addresses that float. */
public final class FailoverTables {
    /** Whom this node asks, and by which address. */
    public final Table<NodeId, IpAddress> probes = new Table<>("egress gateway probes");
    /** Whether a gateway answers this node; no row as long as it never did. */
    public final Table<NodeId, Boolean> answers = new Table<>("egress gateway answers");
    /** What each node says of each gateway, by its key in etcd. */
    public final Table<String, GatewayVote> votes = new Table<>("egress gateway votes");

    public final Table<NodeId, GatewayHealth> health = new Table<>("egress gateway health");
    public final Table<IpAddress, AddressOwner> owners = new Table<>("egress address owners");
    /** What this node is to change of who holds which address. */
    public final Table<IpAddress, Claim> claims = new Table<>("egress address claims");
}
