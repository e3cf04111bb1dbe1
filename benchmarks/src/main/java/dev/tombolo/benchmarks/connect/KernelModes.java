package dev.tombolo.benchmarks.connect;

import dev.tombolo.benchmarks.connect.Topology.Route;
import dev.tombolo.benchmarks.shell.Shell;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;
import java.util.Locale;

/** What Tombolo is compared with: no service at all, iptables chains as kube-proxy writes them, an nftables map. */
public final class KernelModes {
    private static final int NFT_CHUNK = 500;

    private KernelModes() {}

    public static IpAddress serviceAddress(int service) {
        return IpAddress.parse(Topology.SERVICE_BASE).plus(service);
    }

    /** The client dials a backend itself. */
    public record Direct(String name) implements ServiceMode {
        @Override
        public void load(Topology topology, int count) {}

        @Override
        public double addOneMicros(Topology topology, int count) {
            return 0;
        }

        @Override
        public String baseAddress() {
            return Topology.BACKENDS.getFirst();
        }
    }

    /** One chain with a rule for each service, a chain for each service, a chain for each backend. */
    public record Iptables(String name, String restore, Protocol protocol) implements ServiceMode {
        @Override
        public void load(Topology topology, int count) {
            var rules = new StringBuilder("*nat\n:KUBE-SERVICES - [0:0]\n:KUBE-MARK-MASQ - [0:0]\n");
            for (int service = 0; service < count; service++) {
                chains(rules, service);
            }
            rules.append("-A PREROUTING -j KUBE-SERVICES\n-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000\n");
            for (int service = 0; service < count; service++) {
                rules(rules, service);
            }
            restore(topology, rules.append("COMMIT\n"));
        }

        @Override
        public double addOneMicros(Topology topology, int count) {
            var rules = new StringBuilder("*nat\n");
            chains(rules, count);
            rules(rules, count);
            long begin = System.nanoTime();
            restore(topology, rules.append("COMMIT\n"));
            return (System.nanoTime() - begin) / 1e3;
        }

        private void restore(Topology topology, StringBuilder rules) {
            Shell.run(rules.toString(), topology.command(Route.NODE, restore, "--noflush"));
        }

        private static void chains(StringBuilder rules, int service) {
            rules.append(":KUBE-SVC-").append(service).append(" - [0:0]\n");
            for (int backend = 0; backend < Topology.BACKENDS.size(); backend++) {
                rules.append(":KUBE-SEP-")
                        .append(service)
                        .append('-')
                        .append(backend)
                        .append(" - [0:0]\n");
            }
        }

        private void rules(StringBuilder rules, int service) {
            String transport = protocol.name().toLowerCase(Locale.ROOT);
            rules.append(
                    "-A KUBE-SERVICES -d %s/32 -p %s -m comment --comment \"bench/s%d cluster IP\" --dport %d -j KUBE-SVC-%d%n"
                            .formatted(serviceAddress(service), transport, service, Topology.SERVICE_PORT, service));
            rules.append("-A KUBE-SVC-%d -m statistic --mode random --probability 0.5 -j KUBE-SEP-%d-0%n"
                    .formatted(service, service));
            rules.append("-A KUBE-SVC-%d -j KUBE-SEP-%d-1%n".formatted(service, service));
            for (int backend = 0; backend < Topology.BACKENDS.size(); backend++) {
                String address = Topology.BACKENDS.get(backend);
                rules.append("-A KUBE-SEP-%d-%d -s %s/32 -j KUBE-MARK-MASQ%n".formatted(service, backend, address));
                rules.append("-A KUBE-SEP-%d-%d -p %s -j DNAT --to-destination %s:%d%n"
                        .formatted(service, backend, transport, address, Topology.BACKEND_PORT));
            }
        }
    }

    /** One verdict map from (address, port) to a chain for each service. */
    record NftablesMap() implements ServiceMode {
        @Override
        public String name() {
            return "nftables-map";
        }

        @Override
        public void load(Topology topology, int count) {
            apply(
                    topology,
                    "table ip bench {\n map services {\n type ipv4_addr . inet_service : verdict\n }\n"
                            + " chain prerouting {\n type nat hook prerouting priority dstnat;\n"
                            + " ip daddr . tcp dport vmap @services\n }\n}\n");
            for (int first = 0; first < count; first += NFT_CHUNK) {
                var rules = new StringBuilder();
                for (int service = first; service < Math.min(count, first + NFT_CHUNK); service++) {
                    rules.append(service(service));
                }
                apply(topology, rules.toString());
            }
        }

        @Override
        public double addOneMicros(Topology topology, int count) {
            long begin = System.nanoTime();
            apply(topology, service(count));
            return (System.nanoTime() - begin) / 1e3;
        }

        private static String service(int service) {
            return "add chain ip bench s%d\nadd rule ip bench s%d ip protocol tcp dnat to numgen random mod 2 map { 0 : %s . %d, 1 : %s . %d }\nadd element ip bench services { %s . %d : goto s%d }\n"
                    .formatted(
                            service,
                            service,
                            Topology.BACKENDS.get(0),
                            Topology.BACKEND_PORT,
                            Topology.BACKENDS.get(1),
                            Topology.BACKEND_PORT,
                            serviceAddress(service),
                            Topology.SERVICE_PORT,
                            service);
        }

        private static void apply(Topology topology, String rules) {
            Shell.run(rules, topology.command(Route.NODE, "nft", "-f", "-"));
        }
    }
}
