package dev.tombolo.agent.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bpf.service.Clients;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.service.ServiceAnnotations;
import dev.tombolo.model.service.ServiceName;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shares of clusters; this one is east. Backends are written as their cluster and a number. */
class ClusterWeightsTest {
    private static final Map<String, Integer> IDS = Map.of("east", 1, "west", 2, "north", 3);

    /** Active backends with how many in a thousand new connections each gets, behind them those that drain and dead ones. */
    @ParameterizedTest(name = "{0}: {1}, {2} and {3}, dead {4}")
    @CsvSource(delimiter = '|', textBlock = """
            no weights              |                 | none   | east1 east2 | west1       |       | east1=333 east2=333 west1=333
            a cluster's share       | west=80,east=20 | none   | east1 east2 | west1       |       | east1=100 east2=100 west1=800
            as many as weights say  | west=2,east=4   | none   | east1 east2 | west1       |       | east1=333 east2=333 west1=333
            one that is not named   | west=98,east=1  | none   | east1       | west1 north1|       | east1=10 north1=10 west1=980
            drained                 | west=0          | none   | east1       | west1 north1|       | east1=500 north1=500 draining west1
            drained, nobody else    | west=0          | none   |             | west1 west2 |       | west1=500 west2=500
            all drained             | west=0,east=0   | none   | east1       | west1       |       | east1=500 west1=500
            a backend dies          | west=80,east=20 | none   | east1       |             | west1 | east1=1000 dead west1
            all of a weight die     | west=80,east=0  | none   | east1       |             | west1 | east1=1000 dead west1
            nothing but dead paths  | west=80,north=0 | none   |             |             | west1 north1 | north1=0 west1=1000
            local first             | west=80,east=20 | local  | east1 east2 | west1       |       | east1=500 east2=500
            local, but drained      | east=0          | local  | east1       | west1       |       | west1=1000 draining east1
            local drained and alone | east=0          | local  | east1       |             |       | east1=1000
            remote first            | west=30,north=10| remote | east1       | west1 north1|       | north1=250 west1=750
            remote, but drained     | west=0          | remote | east1       | west1       |       | east1=1000 draining west1
            """)
    void sharesOfBackends(
            String name, String weights, String affinity, String local, String remote, String dead, String shares) {
        var annotations = new HashMap<String, String>();
        annotations.put(ServiceAnnotations.GLOBAL, "true");
        annotations.put(ServiceAnnotations.AFFINITY, affinity);
        if (weights != null) {
            annotations.put("service.tombolo.dev/cluster-weights", weights);
        }
        var parsed = ServiceAnnotations.parse(new ServiceName("shop", "web"), annotations);
        assertThat(parsed.invalid()).isEmpty();
        var locals = new BackendSet(backends(local), List.of(), List.of());
        var set = BackendChoice.of(parsed, locals, backends(remote), backends(dead))
                .of(Clients.OF_CLUSTER, parsed.weights());
        assertThat(shown(set)).isEqualTo(shares);
    }

    private static String shown(BackendSet set) {
        var weights = WeightPlan.perBackend(set);
        double sum = set.active().stream()
                .mapToInt(backend -> weights.get(backend.cluster()))
                .sum();
        var shares = new TreeMap<String, Long>();
        set.active()
                .forEach(
                        backend -> shares.put(name(backend), Math.round(1_000 * weights.get(backend.cluster()) / sum)));
        String active = shares.entrySet().stream().map(Map.Entry::toString).collect(Collectors.joining(" "));
        return active + others(" draining ", set.draining()) + others(" dead ", set.dead());
    }

    private static String others(String what, List<Backend> backends) {
        return backends.stream().map(backend -> what + name(backend)).collect(Collectors.joining());
    }

    private static String name(Backend backend) {
        return backend.cluster().value() + (backend.endpoint().address().v4Bits() & 0xFF);
    }

    private static List<Backend> backends(String names) {
        return names == null
                ? List.of()
                : Arrays.stream(names.split(" +"))
                        .map(ClusterWeightsTest::backend)
                        .toList();
    }

    private static Backend backend(String name) {
        String cluster = name.substring(0, name.length() - 1);
        var address = IpAddress.parse("10." + IDS.get(cluster) + ".0." + name.charAt(name.length() - 1));
        return new Backend(new ClusterName(cluster), IDS.get(cluster), new SocketEndpoint(address, 80));
    }
}
