package dev.tombolo.agent.egress;

import dev.tombolo.agent.egress.failover.GatewayWatcher;
import dev.tombolo.agent.egress.failover.Probe;
import dev.tombolo.bpf.egress.ProbeAddress;
import dev.tombolo.model.egress.GatewayVote.Answer;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.netlink.NetlinkException;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.table.Table;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the gateways of this node's pods answer by the devices that lead there, also where no address floats and so no
 * vote is asked for.
 */
final class GatewayEchoes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayEchoes.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Table<NodeId, Probe> probes = new Table<>("egress gateway legs");
    private final Table<NodeId, Answer> answers = new Table<>("egress gateway answers");
    private final Derivation<?, ?> derivation;
    private final Optional<GatewayWatcher> watcher;

    /** @param used the gateways, with the numbers that they have on this node */
    GatewayEchoes(
            Table<String, EgressProgram> program, Table<String, Carrier> carriers, Supplier<Map<NodeId, Integer>> used)
            throws NetlinkException {
        derivation = Derivation.into(probes)
                .fromAll(program)
                .fromAll(carriers)
                .startWhole(() -> asked(used.get(), carriers.snapshot().toMap()));
        watcher = watch();
    }

    /** Policies are carried out whether anybody can look at them or not. */
    private Optional<GatewayWatcher> watch() {
        try {
            return Optional.of(GatewayWatcher.start(probes, answers, PAUSE));
        } catch (NetlinkException failure) {
            LOG.error("egress gateways cannot be asked: {}", failure.getMessage());
            return Optional.empty();
        }
    }

    private static Map<NodeId, Probe> asked(Map<NodeId, Integer> used, Map<String, Carrier> carriers) {
        var asked = new HashMap<NodeId, Probe>();
        used.forEach((gateway, number) -> {
            String device = Carrier.toGateway(number);
            Optional.ofNullable(carriers.get(device))
                    .flatMap(Carrier::source)
                    .ifPresent(source -> asked.put(gateway, new Probe(ProbeAddress.of(number), device, source)));
        });
        return asked;
    }

    /** How each is asked. */
    Map<NodeId, Probe> probes() {
        return probes.snapshot().toMap();
    }

    /** One that never did is missing. */
    Map<NodeId, Boolean> answers() {
        return GatewaysSeen.answers(answers.snapshot().toMap());
    }

    @Override
    public void close() {
        watcher.ifPresent(GatewayWatcher::close);
        derivation.close();
    }
}
