package dev.tombolo.agent.egress;

import dev.tombolo.agent.egress.address.HeldAddress;
import dev.tombolo.agent.egress.attachment.Attachment;
import dev.tombolo.agent.egress.carrier.Carrier;
import dev.tombolo.agent.egress.carrier.PathSizes;
import dev.tombolo.agent.egress.failover.FailoverTables;
import dev.tombolo.agent.egress.kernel.EgressKey;
import dev.tombolo.agent.egress.neighbour.Neighbours;
import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.agent.egress.program.EgressProgram;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.agent.probe.PathMeasure;
import dev.tombolo.bpf.Packed;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.EgressPoolObject;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressMessage;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.reconciler.table.Table;

/** What the agent holds for egress policies: what sources write first, what plans make of it after. */
final class EgressTables {
    final Table<String, EgressPolicyObject> policies = new Table<>("egress policies");
    final Table<String, EgressPoolObject> pools = new Table<>("egress pools");
    final Table<ObjectKey, EgressPod> pods = new Table<>("egress pods");
    final FailoverTables failover = new FailoverTables();
    /** The floating addresses that this node is to have, by their devices. */
    final Table<IpAddress, String> addresses = new Table<>("egress addresses");
    /** Those that this node serves now, floating or not. */
    final Table<IpAddress, HeldAddress> held = new Table<>("held egress addresses");

    final Table<String, NodeNetwork> network = new Table<>("node network");
    final Table<ClusterName, Boolean> wanted = new Table<>("clusters followed for egress");
    final Table<EgressMessage.Key, EgressMessage> heard = new Table<>("heard egress");
    final Table<EgressMessage.Key, EgressMessage> believed = new Table<>("believed egress");
    final Table<String, Neighbours> neighbours = new Table<>("egress neighbours");
    final Table<String, EgressProgram> program = new Table<>("egress program");
    /** Gateways that no connection goes through any more, by when they were left. */
    final Table<NodeId, Long> emptied = new Table<>("egress gateways that are left");

    /** Of gateways of this cluster. */
    final Table<NodeId, PathMeasure> measures = new Table<>("egress path measures");

    final Table<String, PathSizes> sizes = new Table<>("egress path sizes");

    final Table<String, Carrier> carriers = new Table<>("egress carriers");
    final Table<EgressKey, Packed> rows = new Table<>("egress rows");
    final Table<Attachment, Integer> attachments = new Table<>("egress attachments");

    EgressTables() {
        // What was not measured yet holds nothing up.
        measures.markInitialized();
    }

    /** What is known of others; nothing before it is. */
    Neighbours neighbours() {
        return neighbours.snapshot().get(MeshTables.OWN).orElse(Neighbours.NONE);
    }
}
