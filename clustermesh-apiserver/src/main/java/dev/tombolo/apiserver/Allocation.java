package dev.tombolo.apiserver;

import dev.tombolo.apiserver.bgp.BgpStatusController;
import dev.tombolo.apiserver.bgp.BgpTables;
import dev.tombolo.apiserver.config.SelfCluster;
import dev.tombolo.apiserver.derive.Passes;
import dev.tombolo.apiserver.egress.EgressStatusController;
import dev.tombolo.apiserver.egress.EgressTables;
import dev.tombolo.apiserver.identity.IdentityAllocator;
import dev.tombolo.apiserver.loadbalancer.LoadBalancerController;
import dev.tombolo.apiserver.publish.KubeTables;
import dev.tombolo.apiserver.publish.Publication;
import dev.tombolo.apiserver.tunnel.TunnelAddressAllocator;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kube.write.KubeWrites;
import dev.tombolo.kube.write.Leadership;
import dev.tombolo.kube.write.MeshIdentities;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one replica only may do, the one elected: identities, addresses of tunnels and services, status of egress policies and
 * of BGP.
 */
final class Allocation implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Allocation.class);
    private static final Duration RECHECK = Duration.ofSeconds(5);

    /** Pods come and go all the time; and of a node that falls silent, no change tells. */
    private static final Passes.Pace STATUS = new Passes.Pace(Duration.ofSeconds(1), Duration.ofSeconds(15));

    /** Services come by the dozen, and whoever made one waits for its address. */
    private static final Passes.Pace ADDRESSES = new Passes.Pace(Duration.ofMillis(200), Duration.ofSeconds(15));

    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final List<Passes> passes = new CopyOnWriteArrayList<>();
    private final String candidate;

    private Allocation(String candidate) {
        this.candidate = candidate;
    }

    static Allocation start(
            KubeWrites writes,
            ObjectKey lease,
            String candidate,
            SelfCluster self,
            KubeTables tables,
            Publication publication,
            EgressTables egress,
            BgpTables bgp,
            Passes.Failures failures,
            Clock clock) {
        var allocation = new Allocation(candidate);
        var leadership = writes.leadership(lease, candidate, allocation.elections());
        allocation.running.push(leadership);
        var labels = publication.podLabels();
        var identities = new IdentityAllocator(
                labels, tables.identities(), self, objects(writes.identities()), leadership::leading, clock);
        var addresses = new TunnelAddressAllocator(
                tables.nodes(), self.tunnelRange(), writes.nodes()::annotate, leadership::leading);
        allocation.keep(
                Passes.start("identities", RECHECK, List.of(labels, tables.identities()), failures, identities::pass));
        allocation.keep(Passes.start("tunnel addresses", RECHECK, List.of(tables.nodes()), failures, addresses::pass));
        var statuses = new EgressStatusController(
                tables, egress, self.name(), new EgressReports(writes), leadership::leading, clock);
        allocation.keep(Passes.start("egress status", STATUS, statuses.inputs(), failures, statuses::pass));
        var balancers = new LoadBalancerController(
                tables.addressPools(), tables.services(), new LoadBalancerReports(writes), leadership::leading, clock);
        allocation.keep(
                Passes.start("addresses of services", ADDRESSES, balancers.inputs(), failures, balancers::pass));
        var sessions = new BgpStatusController(tables, bgp, new BgpReports(writes), leadership::leading, clock);
        allocation.keep(Passes.start("BGP status", STATUS, sessions.inputs(), failures, sessions::pass));
        return allocation;
    }

    private Leadership.Callbacks elections() {
        return new Leadership.Callbacks() {
            @Override
            public void started() {
                LOG.info(
                        "elected: allocates identities, tunnel addresses and addresses of services, writes status of egress policies and of BGP, as={}",
                        candidate);
                passes.forEach(Passes::wake);
            }

            @Override
            public void stopped() {
                LOG.info("no longer elected, as={}", candidate);
            }
        };
    }

    private static IdentityAllocator.Objects objects(MeshIdentities objects) {
        return new IdentityAllocator.Objects() {
            @Override
            public boolean create(long id, Map<String, String> labels) throws IOException {
                return objects.create(id, labels);
            }

            @Override
            public void delete(long id) throws IOException {
                objects.delete(id);
            }
        };
    }

    private void keep(Passes pass) {
        running.push(pass);
        passes.add(pass);
    }

    List<String> problems() {
        return passes.stream().map(Passes::lastError).flatMap(Optional::stream).toList();
    }

    @Override
    public void close() {
        Closing.all(running);
    }
}
