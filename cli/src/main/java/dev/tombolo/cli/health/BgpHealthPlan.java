package dev.tombolo.cli.health;

import dev.tombolo.cli.bgp.BgpSessions;
import dev.tombolo.cli.bgp.PeerRow;
import dev.tombolo.cli.health.Health.Problem;

/** A cluster with its sessions with routers; that nothing is heard of a node is said already. Pure. */
final class BgpHealthPlan {
    private BgpHealthPlan() {}

    static Health with(Health health, BgpSessions sessions) {
        int nodes = (int) sessions.rows().stream().map(PeerRow::node).distinct().count();
        return health.with(
                new Health.Bgp(sessions.established(), sessions.rows().size(), nodes),
                sessions.faultsOfHeard().stream()
                        .map(fault -> new Problem(fault.what(), fault.fix()))
                        .toList());
    }
}
