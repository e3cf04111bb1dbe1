package dev.tombolo.agent.egress.failover;

import dev.tombolo.egress.plan.GatewayHealth;
import dev.tombolo.model.egress.AddressOwner;
import dev.tombolo.model.egress.GatewayVote;
import dev.tombolo.model.egress.GatewayVote.Answer;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.reconciler.table.Table;

/** Which gateways answer, as this node sees it and as the cluster does, and who holds the addresses that float. */
public final class FailoverTables {
    /** Whom this node asks, and how. */
    public final Table<NodeId, Probe> probes = new Table<>("egress gateway probes");
    /** Whether a gateway answers this node; no row while it cannot be asked. */
    public final Table<NodeId, Answer> answers = new Table<>("egress gateway answers");
    /** What each node says of each gateway, by its key in etcd. */
    public final Table<String, GatewayVote> votes = new Table<>("egress gateway votes");

    public final Table<NodeId, GatewayHealth> health = new Table<>("egress gateway health");
    /** The nodes whose agents say what they see. */
    public final Table<NodeId, Boolean> agents = new Table<>("egress agents");

    /** Other nodes that may have had a floating address, and whose agents are not heard of. */
    public final Table<NodeId, Boolean> mute = new Table<>("egress gateways without an agent");

    public final Table<IpAddress, AddressOwner> owners = new Table<>("egress address owners");
    /** What this node is to change of who holds which address. */
    public final Table<IpAddress, Claim> claims = new Table<>("egress address claims");
}
